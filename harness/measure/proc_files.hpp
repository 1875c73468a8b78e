#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>

namespace stratbench {

/// The unit of the CPU times in /proc; nanoseconds.
std::int64_t tick_ns();

/// What /proc/PID/stat tells of a process and its living threads. Times are in the kernel's ticks
/// (USER_HZ), cut off.
struct process_stat {
    std::int64_t user_ticks = 0, system_ticks = 0;
    std::int64_t minor_faults = 0, major_faults = 0;
    /// Times and faults of the children that it has waited for, and of theirs.
    std::int64_t reaped_user_ticks = 0, reaped_system_ticks = 0;
    std::int64_t reaped_minor_faults = 0, reaped_major_faults = 0;
    int threads = 0;
};
/// Nothing for a process that is gone.
std::optional<process_stat> read_stat(pid_t pid);

/// Context switches of the living threads of a process, 0 for one that is gone.
struct thread_switches {
    std::int64_t voluntary = 0, involuntary = 0;
};
thread_switches read_switches(pid_t pid);

/// Proportional set size: memory that several processes share counts once among them. 0 where the
/// kernel does not tell.
std::uint64_t proportional_memory(pid_t pid);

int open_descriptors(pid_t pid);

/// CPU time of a process by its own clock: exact while it sleeps, up to a tick behind for what is
/// running. 0 for one that is gone. Nanoseconds.
std::int64_t process_cpu_ns(pid_t pid);

}  // namespace stratbench
