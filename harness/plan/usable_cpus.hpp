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

/// CPUs that this process may keep busy: those of its affinity mask, no more than the whole CPUs of
/// its cgroup quota, at least 1. Never the number of processors of the machine.
int usable_cpus();

/// Most workers that a cell may have here, and the name of the limit, for messages.
struct worker_limit {
    int workers = 1;
    std::string name;
};
worker_limit most_workers();

}  // namespace stratbench
