#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace stratbench {

/// Generations of a study that follow each other and have the same purpose.
struct stage {
    /// Indices into the plan.
    std::vector<std::size_t> cells;
    /// Each cell is measured on so many sides.
    std::size_t sides = 1;
    int first_generation = 0;
    /// How many there will be: at least, whatever the budget; and at most.
    int at_least = 1, at_most = 1;
    /// Among how many the budget is shared out; there may be more.
    int shares = 1;
    /// Above 0: no generation that would end later than this after the stage began; nanoseconds.
    std::int64_t budget_ns = 0;
    /// They confirm what others have shown.
    bool confirms = false;
};

}  // namespace stratbench
