#pragma once

#include <cstdint>
#include <string>

namespace stratbench {

/// CPU time of the whole machine since it started, all CPUs; nanoseconds, in steps of a tick.
struct machine_cpu {
    /// Spent by whatever process, or by the kernel.
    std::int64_t busy_ns = 0;
    /// Taken by the hypervisor.
    std::int64_t steal_ns = 0;
};
/// `root` goes before /proc; another directory in tests.
machine_cpu read_machine_cpu(const std::string& root = "");

/// How often CPUs have been slowed down because of heat since the machine started, each CPU's own
/// count of its core and of its package added up; 0 where the kernel does not count.
std::uint64_t thermal_throttles(const std::string& root = "");

}  // namespace stratbench
