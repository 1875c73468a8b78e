#pragma once

#include <string>
#include <vector>

#include "harness/judge/ranking.hpp"

namespace stratbench {

/// Strategies x groups: how many times each is behind the best of a group. Text as it stands in the
/// results: escape it for where it goes.
struct answer_table {
    /// Titles of the groups that are compared, by the metric that each is judged by first.
    std::vector<std::string> groups;
    struct row {
        std::string strategy;
        /// For each group "1.92 x"; "best" for a winner, "tie" for those that tie, "< 1.08 x" for
        /// one that may be the best and is at most so far behind ("?" where nobody knows), "-"
        /// where it was not compared.
        std::vector<std::string> behind;
    };
    /// In the order of the plan, without references.
    std::vector<row> rows;
    std::string pick;
    std::string headline;
};

answer_table answer_table_of(const std::vector<ranked_group>& groups);

}  // namespace stratbench
