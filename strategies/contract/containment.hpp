#pragma once

#include <atomic>
#include <cstdint>

namespace stratbench {

/// How far a strategy goes to contain tasks that misbehave. All of it is off by default. What needs
/// no option: where workers are processes, a process that a task has made, and that is still in the
/// worker's process group, ends with the worker at the latest, with the task where each has a
/// process of its own. One that has left the group (setsid) ends at the latest with the trial,
/// which fails for it if the worker was killed and did not quit.
struct containment {
    /// A task that executes for longer than this ends as timed_out; nanoseconds, 0 = never. Where
    /// workers are processes the task's worker is killed at that time and replaced; a strategy that
    /// executes in its own process cannot interrupt a task and withholds a result that came late.
    std::int64_t task_timeout_ns = 0;
    /// How often a task whose worker died under it is executed again before it ends as crashed. A
    /// task that timed out, or threw, is not tried again.
    int retries = 0;
    /// Tasks after which a worker process is replaced; 0 = never.
    std::uint64_t max_tasks_per_worker = 0;
    /// Address space that each worker process may have in all (RLIMIT_AS); bytes, 0 = no limit.
    std::uint64_t worker_memory_bytes = 0;

    bool operator==(const containment&) const = default;
};

/// Counts of what containment did, kept while it happens.
///
/// Thread safety: any thread; each count for itself.
struct containment_counts {
    /// Executions beyond the first of their task.
    std::atomic<std::uint64_t> retries{0};
    /// Worker processes made in place of one that crashed, was killed, scribbled over its channel
    /// or had executed its share of tasks. A process made for each task is no replacement.
    std::atomic<std::uint64_t> workers_replaced{0};
};

}  // namespace stratbench
