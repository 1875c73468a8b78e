#pragma once

#include <optional>

#include "harness/model/results.hpp"

namespace stratbench {

/// What the harness itself costs a task of `what`, as calibrated on this machine: handing it out,
/// recording its end, and its share of the stamps. A part of the task's serial CPU time; absent
/// where one of the two is not known.
std::optional<double> harness_cost(const cell& what, const environment& machine);

/// Above this part of a task the harness measures itself, and says so.
inline constexpr double most_harness_cost = 0.02;

}  // namespace stratbench
