#include "harness/plan/workload_resolver.hpp"

#include <algorithm>

#include "harness/base/spec.hpp"
#include "harness/plan/work_check.hpp"

namespace stratbench {
namespace {

std::string sized_text(const task_template& t) {
    const workload& w = *workloads()[t.first.workload];
    spec s = parse_spec(t.text(), "workload");
    if (w.has_size && !s.find(w.parameters.front().name)) {
        s.items.emplace(s.items.begin(), w.parameters.front().name,
                        std::to_string(t.first.args[0]));
    }
    return s.text();
}

}  // namespace

const resolved_workload& workload_resolver::resolve(const std::string& text) {
    if (const auto known = workloads_.find(text); known != workloads_.end()) {
        return known->second;
    }
    const spec wanted = parse_spec(text, "workload");
    require_sound_work(wanted);
    const task_template tasks = resolve_workload(wanted);
    return workloads_.emplace(text, resolved_workload{tasks, sized_text(tasks)}).first->second;
}

double workload_resolver::serial_ns(const resolved_workload& w) {
    if (const auto known = costs_.find(w.text); known != costs_.end()) {
        return known->second;
    }
    // A reading of 0 would make rates and sizes infinite.
    return costs_[w.text] = std::max(0.1, meter_(w.tasks));
}

}  // namespace stratbench
