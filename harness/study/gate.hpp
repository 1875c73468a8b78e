#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "harness/judge/comparison/comparison.hpp"
#include "harness/model/plan.hpp"

namespace stratbench {

/// The generations that a comparison of two builds has at least, and the rounds in each of them,
/// where the user gives no number of rounds.
inline constexpr int default_generations_against = 15;
inline constexpr int default_rounds_of_generation_against = 4;

/// The cells of the plan in which something that the gate looks at regressed.
std::vector<std::size_t> regressed_cells(const comparison& result, const study_plan& plan);

}  // namespace stratbench
