#pragma once

namespace stratbench {

/// The probabilities that chance alone makes so much more, and so much less.
struct one_sided {
    double more = 1, less = 1;
};

}  // namespace stratbench
