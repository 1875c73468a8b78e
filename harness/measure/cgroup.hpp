#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace stratbench {

/// What the control groups of this process allow it; absent = no limit.
struct cgroup_limits {
    /// CPUs, as a quota over its period; 1.5 is possible.
    std::optional<double> cpus;
    std::optional<std::uint64_t> memory_bytes;
};

/// Where the kernel shows them; another place in tests.
struct cgroup_location {
    std::string self = "/proc/self/cgroup";
    std::string mount = "/sys/fs/cgroup";
};

/// The tightest limit of the group and its ancestors; of version 2 (`cpu.max`, `memory.max`) and
/// version 1 (`cpu.cfs_quota_us`, `memory.limit_in_bytes`), whichever is mounted.
cgroup_limits read_cgroup_limits(const cgroup_location& where = {});

/// How often, and for how long in all, the CPU quota of the group or of an ancestor has stopped its
/// processes since the group was made; 0 without a quota. Of version 1, the time is the sum over
/// the CPUs.
struct cgroup_throttling {
    std::uint64_t periods = 0;
    double stopped_s = 0;
};
cgroup_throttling read_cgroup_throttling(const cgroup_location& where = {});

}  // namespace stratbench
