#pragma once

#include <functional>
#include <string>

#include "harness/model/plan.hpp"
#include "harness/plan/request.hpp"
#include "harness/plan/workload_resolver.hpp"
#include "workloads/task_template.hpp"

namespace stratbench {

/// What a strategy can do; or why that could not be measured, in which case per_s does not count.
struct capacity {
    double per_s = 0;
    std::string reason = {};
};
/// Measures what the strategy of a cell can do with the cell's workload, workers and CPUs; the
/// cell's load does not count. Runs trials, unlike everything else here.
using capacity_meter = std::function<capacity(const cell&)>;

/// Whether the rate of a load of the request is a part of what sync can do (`%sync`). Throws
/// usage_error.
bool depends_on_speed_of_sync(const run_request& request);

/// Expands a request into cells and freezes everything that is relative to this machine. Checks
/// all of it before it times anything (but for a `duration=`, which is timed to be resolved); each
/// distinct workload is timed once. Where a rate is a part of what each strategy can do (`%own`),
/// that is measured once for each strategy, workload, workers and CPUs of the cells that the filter
/// leaves; a cell for which it fails is skipped. Without `own`, such cells have no rate: their
/// names are all that is good for. Throws usage_error.
study_plan build_plan(const run_request& request, const cost_meter& cost = serial_cost_ns,
                      const capacity_meter& own = {});

}  // namespace stratbench
