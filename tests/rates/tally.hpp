#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/judge/comparison/comparison.hpp"

namespace stratbench {

/// What one run of a gate came to.
struct gate_run {
    verdict result = verdict::inconclusive;
    /// Of the cell that has most.
    int rounds = 0;
    /// How many times worse the new build is in what the gate looked at, in the order of the cells.
    std::vector<double> times_worse = {};
    /// The greatest of the changes that it could only just have seen; absent where it does not know
    /// one of them.
    std::optional<double> detectable = 0.0;
};

gate_run summary_of(const comparison& found);

/// Heading and line of a table with a line for each kind of run (see
/// tests/bench/figures/text_table.hpp): its verdicts, and the median and greatest detectable
/// effect. A run must be able to see a change of `wanted` (0.05 = 5 %): one that ends inconclusive
/// and could not, or does not know, is counted apart.
std::vector<std::string> tally_heading(double wanted);
std::vector<std::string> tally(std::string_view kind, std::span<const gate_run> runs,
                               double wanted);

}  // namespace stratbench
