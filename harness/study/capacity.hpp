#pragma once

#include <atomic>

#include "harness/plan/build_plan.hpp"
#include "harness/plan/request.hpp"
#include "harness/study/study.hpp"
#include "workloads/task_template.hpp"

namespace stratbench {

/// serial_cost_ns on a CPU that nobody else slows down: the least of many readings, half a second
/// of them, on all the CPUs that this thread may use in turn. For rates that are a part of what
/// sync can do: a rented CPU is slower by half for a second at a time, and of two studies one would
/// ask for 80 % of what it can do and the other for 50 %. Throws std::system_error.
double undisturbed_cost_ns(const task_template& t);

/// What the strategy of a cell can do with the cell's workload, workers and CPUs, whatever the
/// cell's load: the median throughput of three batches, large enough to take a moment. Runs about
/// six trials. A trial that fails is the reason why there is no figure. Throws `interrupted` and
/// std::system_error as the launcher does.
capacity measure_capacity(const cell& planned, const trial_starter& start,
                          const std::atomic<bool>& stop);

}  // namespace stratbench
