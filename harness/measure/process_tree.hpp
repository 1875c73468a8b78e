#pragma once

#include <sys/types.h>

#include <cstdint>
#include <vector>

#include "strategies/contract/process_ledger.hpp"

namespace stratbench {

/// The processes of a trial, and what they have used since each began: this one, what it has
/// reaped, and everybody below it, whether an engine entered them in the ledger or a task made
/// them.
///
///     this process     getrusage: exact, its dead threads included
///     reaped by it     RUSAGE_CHILDREN: exact, what those had reaped included
///     living           the kernel's clock of each (see process_cpu_ns); the division into user and
///                      system is known to a tick only
///     reaped by one that lives    from a helper's report, exact; else from /proc/PID/stat, to a
///                      tick, the switches only when that one is reaped in turn
///
/// A process that ends between two of these readings may be missed once and is never counted twice.
///
/// Thread safety: none.
class process_tree {
  public:
    explicit process_tree(const process_ledger& of) : ledger_(of) {}

    /// Everything, by a walk over all processes: tens of microseconds for each.
    process_usage walk();

    /// CPU time in nanoseconds, in about a microsecond for each living process: of those found by
    /// the last walk and those in the ledger. Walks where one that only the walk knows has ended.
    std::int64_t cpu_ns();

    struct extent {
        int processes = 0;
        int threads = 0;
        int descriptors = 0;
        /// Proportional set size.
        std::uint64_t memory_bytes = 0;
    };
    /// How large it is now, by a walk. The memory costs the kernel a look at every page.
    extent measure();

  private:
    struct member {
        pid_t pid = 0;
        int threads = 0;
        /// In the ledger, which tells of its end.
        bool entered = false;
        /// CPU of the children that it has reaped and no helper's report tells of.
        std::int64_t reaped_ns = 0;
    };

    const process_ledger& ledger_;
    /// Below this process and living, as of the last walk.
    std::vector<member> members_;
};

/// Threads of this process. One that was joined may be counted for a moment longer.
int thread_count();

/// Makes a thread and waits until it is gone from the count: a sanitizer's runtime makes one of its
/// own together with the first of ours, and thread_count would blame that on somebody else.
void make_first_thread();

/// Open descriptors of this process.
int descriptor_count();

}  // namespace stratbench
