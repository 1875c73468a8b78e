#include "harness/measure/usable_cpus.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <cmath>

#include "harness/measure/cgroup.hpp"
#include "harness/measure/cpu_mask.hpp"

namespace stratbench {
namespace {

/// More would measure the scheduler and nothing else; also bounds what a typing error can start.
constexpr int sensible_workers = 1024;

}  // namespace

int usable_cpus() {
    int cpus = cpu_mask::of_this_thread().count();
    if (const auto limit = read_cgroup_limits().cpus) {
        cpus = std::min(cpus, static_cast<int>(std::floor(*limit)));
    }
    return std::max(1, cpus);
}

worker_limit most_workers() {
    rlimit processes{};
    if (getrlimit(RLIMIT_NPROC, &processes) == 0 && processes.rlim_cur != RLIM_INFINITY &&
        processes.rlim_cur < sensible_workers) {
        return {std::max(1, static_cast<int>(processes.rlim_cur)), "RLIMIT_NPROC of this user"};
    }
    return {sensible_workers, "the most that stratbench starts"};
}

}  // namespace stratbench
