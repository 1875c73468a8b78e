#pragma once

#include <cstdint>
#include <vector>

#include "strategies/process_ledger.hpp"

namespace stratbench {

/// CPU time of this process and of every process that the ledger knows, living or gone, in
/// nanoseconds since each began. Living processes are read from the kernel's own clock of each
/// (exact while they sleep, up to a tick behind for what is running), those gone from what they
/// were reaped with. How the time of a living process divides into user and system is known to a
/// tick only.
cpu_usage tree_cpu(const process_ledger& ledger);

/// The same without the division, in about a microsecond for each living process.
std::int64_t tree_cpu_ns(const process_ledger& ledger);

/// Proportional set size of this process and every living one of the ledger: memory that several
/// share counts once. 0 where the kernel does not tell.
std::uint64_t tree_memory_bytes(const process_ledger& ledger);

/// Threads of this process. One that was joined may be counted for a moment longer.
int thread_count();

/// Makes a thread and waits until it is gone from the count: a sanitizer's runtime makes one of its
/// own together with the first of ours, and thread_count would blame that on somebody else.
void make_first_thread();

/// Open descriptors of this process.
int descriptor_count();

/// CPU time of the whole machine since it started, all CPUs; nanoseconds, in steps of a tick.
struct machine_cpu {
    /// Spent by whatever process, or by the kernel.
    std::int64_t busy_ns = 0;
    /// Taken by the hypervisor.
    std::int64_t steal_ns = 0;
};
machine_cpu read_machine_cpu();

}  // namespace stratbench
