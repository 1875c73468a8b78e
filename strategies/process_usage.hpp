#pragma once

#include <sys/resource.h>

#include <cstdint>

#include "workloads/clock.hpp"

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

inline process_usage usage_of(const rusage& kernel) noexcept {
    return {nanoseconds(kernel.ru_utime),
            nanoseconds(kernel.ru_stime),
            kernel.ru_nvcsw,
            kernel.ru_nivcsw,
            kernel.ru_minflt,
            kernel.ru_majflt};
}

}  // namespace stratbench
