#pragma once

#include <string>
#include <vector>

#include "tests/bench/figures/measurement.hpp"

namespace stratbench {

/// How one figure of several subjects grows from step to step.
struct growth_curve {
    struct row {
        std::string label;
        /// The name of the subject of each step; empty = there is none.
        std::vector<std::string> subjects;
        double sample::*figure = &sample::ns_per_task;
    };
    std::string title;
    /// Headings of the steps.
    std::vector<std::string> steps;
    std::vector<row> rows;
};

/// The figure of each step, and behind it how many times that of the step before it is.
std::string growth_table(const growth_curve& curve, const measurements& all);

}  // namespace stratbench
