#include "harness/plan/workload_resolver.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

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
    spec s = parse_spec(text, "workload");
    require_sound_work(s);
    const auto keep = [&](const task_template& tasks, std::string written) -> const auto& {
        return workloads_.emplace(text, resolved_workload{tasks, std::move(written)}).first->second;
    };
    if (!meter_ && s.find("duration") && !s.find("n")) {
        // Nothing may be timed: the size stays what it is called.
        require_duration(*s.find("duration"));
        const std::string as_written = s.text();
        std::erase_if(s.items, [](const auto& item) { return item.first == "duration"; });
        return keep(resolve_workload(s), as_written);
    }
    const task_template tasks = resolve_workload(s, timing_);
    return keep(tasks, sized_text(tasks));
}

double workload_resolver::serial_ns(const resolved_workload& w) {
    // Tasks that differ in size cost what their mean does, and so the same as those of that size.
    const task_template alike = w.tasks.alike();
    for (const auto& [of, ns] : costs_) {
        if (is_same_work(alike.first, of)) {
            // Both are 0 where there is no size.
            const auto size = static_cast<double>(std::max<std::int64_t>(1, alike.first.args[0]));
            const auto known = static_cast<double>(std::max<std::int64_t>(1, of.args[0]));
            if (std::abs(size / known - 1) < 0.01) {
                return size / known * ns;
            }
        }
    }
    if (!meter_) {
        constexpr double any_ns = 1e5;
        return any_ns;
    }
    // A reading of 0 would make rates and sizes infinite.
    costs_.emplace_back(alike.first, std::max(0.1, meter_(w.tasks)));
    return costs_.back().second;
}

}  // namespace stratbench
