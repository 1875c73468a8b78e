#pragma once

#include "harness/model/plan.hpp"
#include "harness/plan/request.hpp"

namespace stratbench {

/// Throws usage_error where there are more generations than rounds to share out among them.
void require_round_for_each(int generations, int rounds);

/// Gives a plan the end that was asked for, or the usual one: a budget of a minute, or a few rounds
/// with `quick`. Throws usage_error where there are more generations than rounds.
void settle(study_plan& plan, const stopping_request& request, bool quick);

/// Throws usage_error where the budget of a plan is over before one round can be.
void require_a_round(const study_plan& plan);

}  // namespace stratbench
