#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace stratbench {

/// CPU time used, in nanoseconds.
struct cpu_usage {
    std::int64_t user_ns = 0;
    std::int64_t system_ns = 0;

    cpu_usage& operator+=(const cpu_usage& other) noexcept {
        user_ns += other.user_ns;
        system_ns += other.system_ns;
        return *this;
    }
};

/// Where engines enter every process that they make and how much CPU it had used when it was
/// reaped: only the one that reaps knows a short life. The harness reads it for CPU load and
/// memory of the whole tree.
///
/// Thread safety: every member may be called from any thread.
class process_ledger {
  public:
    struct state {
        std::vector<pid_t> living;
        /// Sum over the processes that are gone.
        cpu_usage gone;
        /// Processes made so far, living and gone.
        std::uint64_t made = 0;
    };
    /// Adds to a state what a helper process (a fork server) knows of its own children.
    using nested = std::function<void(state&)>;

    void born(pid_t pid);
    void reaped(pid_t pid, const cpu_usage& total);

    /// `report` is called by read() while `server` lives; what the server's children used is part
    /// of the usage with which the server itself is reaped.
    void attach(pid_t server, nested report);

    [[nodiscard]] state read() const;

  private:
    mutable std::mutex mutex;
    std::unordered_map<pid_t, nested> living;
    cpu_usage gone;
    std::uint64_t made = 0;
};

}  // namespace stratbench
