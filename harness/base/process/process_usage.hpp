#pragma once

#include <sys/resource.h>

#include <algorithm>
#include <cstdint>

#include "harness/base/clock.hpp"

namespace stratbench {

/// What the kernel counted for one process, or for several together.
struct process_usage {
    /// CPU time in nanoseconds.
    std::int64_t user_ns = 0, system_ns = 0;
    /// Switches because a thread waited, and because the scheduler took the CPU from it.
    std::int64_t voluntary_switches = 0, involuntary_switches = 0;
    /// Page faults served from memory, and from a disk.
    std::int64_t minor_faults = 0, major_faults = 0;

    [[nodiscard]] std::int64_t cpu_ns() const noexcept { return user_ns + system_ns; }

    process_usage& operator+=(const process_usage& other) noexcept {
        user_ns += other.user_ns;
        system_ns += other.system_ns;
        voluntary_switches += other.voluntary_switches;
        involuntary_switches += other.involuntary_switches;
        minor_faults += other.minor_faults;
        major_faults += other.major_faults;
        return *this;
    }
};

/// What was used from `before` to `after`, nothing of it below 0. What one that ended in between
/// had used may be missing from `after`; and the division of CPU time into user and system, which
/// the kernel estimates from ticks, may move back while their sum does not.
inline process_usage used_between(const process_usage& before,
                                  const process_usage& after) noexcept {
    const auto more = [&](std::int64_t process_usage::*count) {
        return std::max<std::int64_t>(0, after.*count - before.*count);
    };
    const std::int64_t cpu_ns = std::max<std::int64_t>(0, after.cpu_ns() - before.cpu_ns());
    const std::int64_t system_ns = std::min(cpu_ns, more(&process_usage::system_ns));
    return {cpu_ns - system_ns,
            system_ns,
            more(&process_usage::voluntary_switches),
            more(&process_usage::involuntary_switches),
            more(&process_usage::minor_faults),
            more(&process_usage::major_faults)};
}

inline process_usage usage_of(const rusage& kernel) noexcept {
    return {nanoseconds(kernel.ru_utime),
            nanoseconds(kernel.ru_stime),
            kernel.ru_nvcsw,
            kernel.ru_nivcsw,
            kernel.ru_minflt,
            kernel.ru_majflt};
}

}  // namespace stratbench
