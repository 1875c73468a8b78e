#pragma once

#include <vector>

#include "harness/judge/ranking.hpp"
#include "harness/results/json.hpp"

namespace stratbench {

/// What a study answers: for each group and metric, and for all of them.
void append_answers(json& ours, const std::vector<ranked_group>& groups);

/// Appends a cell's figures to its object in the results file; what has no value is absent.
void append_summary(json& cell, const cell_summary& summary);

}  // namespace stratbench
