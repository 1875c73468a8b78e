#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "harness/model/plan.hpp"

namespace stratbench {

/// Fewer fresh generations than this cannot confirm anything.
inline constexpr int fewest_confirming_generations = 6;
/// The part of the budget that is kept for them. Where nothing is to be confirmed, the study is
/// over earlier by as much.
inline constexpr double budget_for_confirming = 0.2;

/// Generations of a study that follow each other and have the same purpose.
struct stage {
    /// Indices into the plan.
    std::vector<std::size_t> cells;
    /// Builds on which each cell is measured.
    std::size_t sides = 1;
    int first_generation = 0;
    /// Fewest generations, whatever the budget, and most.
    int at_least = 1, at_most = 1;
    /// Generations among which the budget is shared out; there may be more.
    int shares = 1;
    /// Above 0: no generation that would end later than this after the stage began; nanoseconds.
    std::int64_t budget_ns = 0;
    /// They confirm what others have shown.
    bool confirms = false;
};

/// The stage that measures every cell of the plan which is not skipped. `confirmation_follows`
/// keeps a part of the budget for it.
stage planned_stage(const study_plan& plan, std::size_t sides, bool confirmation_follows);

/// The stage that measures `cells` again, after `finished` generations, by as many fresh ones if
/// the budget, of which `spent_ns` are gone, has time for them.
stage confirming_stage(const study_plan& plan, std::vector<std::size_t> cells, std::size_t sides,
                       int finished, std::int64_t spent_ns);

/// How many rounds a group has at most in generation number `index` of the stage. Precondition: it
/// has a cell.
int rounds_of(const study_plan& plan, const stage& generations, std::span<const std::size_t> group,
              int index);

}  // namespace stratbench
