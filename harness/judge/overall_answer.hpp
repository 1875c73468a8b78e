#pragma once

#include <string>
#include <vector>

#include "harness/judge/ranking.hpp"

namespace stratbench {

/// The one strategy for all groups.
struct overall_answer {
    /// Empty where no strategy was compared in every group.
    std::string pick;
    /// How many times the best of a group is better at most, of the group where that is most.
    double worst_behind = 1;
    std::string headline;
};

/// The answer to all groups that `rank` has made.
overall_answer answer_of(const std::vector<ranked_group>& groups);

}  // namespace stratbench
