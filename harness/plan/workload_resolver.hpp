#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "workloads/task_template.hpp"
#include "workloads/timing.hpp"

namespace stratbench {

/// Serial nanoseconds per task; `serial_cost_ns`, or a fake in tests. Empty where only the names of
/// cells are wanted: then nothing is timed, and a `duration=` stays one.
using cost_meter = std::function<double(const task_template&)>;

/// A workload whose size is a number.
struct resolved_workload {
    task_template tasks;
    /// The canonical spec with the size written out even where it is the default: a cell's name
    /// must not change its meaning when a default does.
    std::string text;
};

/// Resolves each text once: `duration=1ms` must give one n per study, and timing takes a while.
class workload_resolver {
  public:
    /// Uses `meter` for as long as it lives.
    explicit workload_resolver(const cost_meter& meter) : meter_(meter) {}

    /// Valid for as long as the resolver lives. Throws usage_error.
    const resolved_workload& resolve(const std::string& text);

    /// What one task costs serially, above 0; nanoseconds. Timed once, when it is first asked.
    double serial_ns(const resolved_workload& w);

  private:
    const cost_meter& meter_;
    size_timing timing_;
    std::map<std::string, resolved_workload> workloads_;
    /// Of tasks that were timed.
    std::vector<std::pair<task, double>> costs_;
};

}  // namespace stratbench
