#pragma once

#include <string>

namespace stratbench {

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
