#pragma once

namespace stratbench {

/// One-sided p values: the probabilities that chance alone makes as much more, and as much less.
struct one_sided {
    double more = 1, less = 1;
};

}  // namespace stratbench
