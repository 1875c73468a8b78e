#pragma once

#include <vector>

#include "harness/model/trial_record.hpp"
#include "harness/trial/window.hpp"

namespace stratbench {

/// Compares every value of an ok task with the serial reference. One wrong answer and the trial has
/// failed, with the task named.
void verify_values(const window& measured, trial_record& into);

/// Every task of a small window, for a study that wants to show them.
std::vector<task_trace> trace_tasks(window& measured);

}  // namespace stratbench
