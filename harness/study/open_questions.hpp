#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>

#include "harness/model/results.hpp"

namespace stratbench {

/// What a study that ends when its questions are answered has still to measure.
struct open_questions {
    /// Groups that have a verdict, or cannot have one, among all that are ranked by their primary
    /// metric.
    std::size_t answered = 0, groups = 0;
    /// Indices of the cells that need more generations: those that may be the best of a group
    /// without an answer, and those whose p99 has too few tasks so far.
    std::set<std::size_t> cells;
    /// By group, for all that have such a cell: how much time it should have beside the others;
    /// 1/3 to 3. A group whose pick may be far behind the best has more.
    std::map<std::string, double> weights;
};

open_questions find_open_questions(const study_results& study);

}  // namespace stratbench
