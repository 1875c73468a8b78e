#pragma once

#include <atomic>

#include "harness/plan/build_plan.hpp"
#include "harness/plan/request.hpp"
#include "harness/study/study.hpp"

namespace stratbench {

/// What the strategy of a cell can do with the cell's workload, workers and CPUs, whatever the
/// cell's load: the median throughput of three batches, large enough to take a moment. Runs about
/// six trials. A trial that fails is the reason why there is no figure. Throws `interrupted` and
/// std::system_error as the launcher does.
capacity measure_capacity(const cell& planned, const trial_starter& start,
                          const std::atomic<bool>& stop);

}  // namespace stratbench
