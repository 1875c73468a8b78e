#pragma once

#include <cstddef>
#include <set>

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
};

open_questions find_open_questions(const study_results& study);

}  // namespace stratbench
