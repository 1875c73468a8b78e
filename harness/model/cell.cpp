#include "harness/model/cell.hpp"

#include <fmt/format.h>

#include "harness/base/spec.hpp"

namespace stratbench {
namespace {

/// Google Benchmark's tools split names at '/', so a part must not contain one.
std::string escaped(std::string_view part) {
    std::string out;
    for (const char c : part) {
        if (c == '/') {
            out += "%2F";
        } else {
            out += c;
        }
    }
    return out;
}

std::string as_name_parts(const cell& c) {
    std::string out;
    for (const std::string& part : c.containment_parts()) {
        out += "/" + part;
    }
    return out;
}

}  // namespace

std::vector<std::string> cell::containment_parts() const {
    std::vector<std::string> parts;
    if (limits.task_timeout_ns != 0) {
        parts.push_back("timeout:" + duration_text(limits.task_timeout_ns));
    }
    if (limits.retries != 0) {
        parts.push_back(fmt::format("retries:{}", limits.retries));
    }
    if (limits.max_tasks_per_worker != 0) {
        parts.push_back(fmt::format("max_tasks:{}", limits.max_tasks_per_worker));
    }
    if (limits.worker_memory_bytes != 0) {
        parts.push_back("memory:" + bytes_text(limits.worker_memory_bytes));
    }
    if (cancel_pending) {
        parts.emplace_back("cancel_pending");
    }
    return parts;
}

std::string cell::name() const {
    const std::string beside = repeated ? fmt::format("/beside:{}", group_workers) : "";
    return fmt::format("{}/{}/{}/workers:{}{}{}/real_time", escaped(strategy), escaped(workload),
                       escaped(load.text), workers, as_name_parts(*this), beside);
}

std::string cell::group() const {
    return fmt::format("{}/{}/workers:{}/cpus:{}{}",
                       escaped(group_workload.empty() ? workload : group_workload),
                       escaped(load.text), group_workers == 0 ? workers : group_workers, cpus,
                       as_name_parts(*this));
}

}  // namespace stratbench
