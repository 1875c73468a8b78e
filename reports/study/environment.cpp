#include "reports/study/environment.hpp"

#include <fmt/format.h>

#include "reports/text/format.hpp"

namespace stratbench {

std::vector<environment_row> environment_of(const study_results& results) {
    const environment& m = results.machine;
    return {
        {"CPU", m.cpu_model},
        {"CPUs", fmt::format("{} usable of {} online", m.usable_cpus, m.online_cpus)},
        {"governor", m.governor},
        {"kernel", m.kernel},
        {"host", m.host},
        {"compiler", m.compiler},
        {"flags", m.compiler_flags},
        {"build", m.build_type},
        {"revision", m.git_revision, true},
        {"Google Benchmark", m.library_version},
        {"reading the clock", m.clock_ns > 0 ? duration(m.clock_ns) : "", true},
        {"stamping a task", m.stamp_ns > 0 ? duration(m.stamp_ns) : "", true},
        {"handing a task over", m.hand_over_ns > 0 ? duration(m.hand_over_ns) : "", true},
        {"a sleep ends late by",
         m.wake_up_error_ns > 0 ? duration(static_cast<double>(m.wake_up_error_ns)) : "", true},
        {"rounds",
         results.plan.rounds == unlimited_rounds ? "until it is answered"
                                                 : fmt::format("{}", results.plan.rounds),
         true},
        {"seed", fmt::format("{}", results.info.seed), true},
        {"CPU limit (cgroup)", m.cgroup_cpu_limit ? plain(*m.cgroup_cpu_limit) + " CPUs" : ""},
        {"memory limit (cgroup)",
         m.cgroup_memory_limit_bytes ? bytes(*m.cgroup_memory_limit_bytes) : ""},
    };
}

}  // namespace stratbench
