#include "harness/plan/plan.hpp"

#include <fmt/format.h>

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

}  // namespace

std::string cell::name() const {
    const std::string beside = repeated ? fmt::format("/beside:{}", group_workers) : "";
    return fmt::format("{}/{}/{}/workers:{}{}/real_time", escaped(strategy), escaped(workload),
                       escaped(load.text), workers, beside);
}

std::string cell::group() const {
    return fmt::format("{}/{}/workers:{}/cpus:{}",
                       escaped(group_workload.empty() ? workload : group_workload),
                       escaped(load.text), group_workers == 0 ? workers : group_workers, cpus);
}

}  // namespace stratbench
