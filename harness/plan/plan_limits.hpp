#pragma once

#include "harness/model/plan.hpp"

namespace stratbench {

/// Holds a plan that somebody may have edited to what options and scenarios are held to: the ranges
/// of the option table, loads whose figures are those of their texts, and what build_plan makes of
/// them. Throws usage_error with the value, its cell and what is accepted.
void require_within_limits(const study_plan& plan);

}  // namespace stratbench
