#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "harness/base/process/process_usage.hpp"

namespace stratbench {

/// The processes that engines have made: each is entered here. What a process of ours used is the
/// kernel's to tell: while it lives from its own figures, afterwards from RUSAGE_CHILDREN. What a
/// helper process (a fork server) reaped is exact nowhere but with the helper, so it reports that
/// itself.
///
/// Thread safety: every member may be called from any thread.
class process_ledger {
  public:
    struct state {
        std::vector<pid_t> living;
        /// Those of the living whose reaped children are in `gone`.
        std::vector<pid_t> helpers;
        /// Sum over the processes that living helpers have reaped.
        process_usage gone;
        /// Processes made so far, living and gone.
        std::uint64_t made = 0;
    };
    /// Adds to a state what a helper knows of its own children.
    using nested = std::function<void(state&)>;

    void born(pid_t pid);
    /// Enters a helper; read() calls `report` until it leaves.
    void attach(pid_t helper, nested report);
    /// `pid` is about to be reaped: entered before that, so that what a helper's children used is
    /// never counted both here and as a part of what the helper used.
    void leaves(pid_t pid);

    [[nodiscard]] state read() const;

  private:
    mutable std::mutex mutex_;
    std::unordered_map<pid_t, nested> living_;
    std::uint64_t made_ = 0;
};

}  // namespace stratbench
