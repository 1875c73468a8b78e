#pragma once

#include <span>
#include <string>
#include <vector>

#include "harness/judge/comparison/comparison.hpp"
#include "harness/model/plan.hpp"

namespace stratbench {

/// A cell, and the figures of it that there are to look at.
struct gateable_cell {
    std::string name;
    metric primary = metric::throughput;
    std::vector<metric> figures;
};

/// Of a plan, before anything is measured: what its cells will have, but for those that are
/// skipped.
std::vector<gateable_cell> gateable_cells(const study_plan& plan);

/// Of two files: the cells that both have, and what the base has of them.
std::vector<gateable_cell> gateable_cells(const measurement& base, const measurement& candidate);

/// How many comparisons the gate will make, at most: a trial may lack a figure. Names in `ignore`
/// do not count. Throws usage_error, with what there is to look at, where a metric that was asked
/// for is none of any cell, or nothing is left: such a gate would be green whatever comes.
int comparisons_of_gate(std::span<const gateable_cell> cells, const comparison_options& options,
                        const std::vector<std::string>& ignore);

}  // namespace stratbench
