#pragma once

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <vector>

#include "harness/base/descriptor.hpp"

namespace stratbench::test {

/// A process whose end a test waits for. Its number may pass to a stranger, this handle does not.
class watched_process {
  public:
    explicit watched_process(pid_t id)
        : process_(id), handle_(static_cast<int>(::syscall(SYS_pidfd_open, id, 0))) {}

    [[nodiscard]] pid_t pid() const { return process_; }
    /// Waits for its end; false if that does not come in half the time after which a process that a
    /// task of `faults` has left behind ends by itself.
    [[nodiscard]] bool ends() const {
        pollfd end{handle_.get(), POLLIN, 0};
        return !handle_ || ::poll(&end, 1, 30'000) == 1;
    }
    [[nodiscard]] bool living() const {
        pollfd end{handle_.get(), POLLIN, 0};
        return handle_ && ::poll(&end, 1, 0) == 0;
    }

  private:
    pid_t process_;
    descriptor handle_;
};

inline std::vector<watched_process> watch(const std::vector<pid_t>& processes) {
    std::vector<watched_process> watched;
    for (const pid_t each : processes) {
        watched.emplace_back(each);
    }
    return watched;
}

}  // namespace stratbench::test
