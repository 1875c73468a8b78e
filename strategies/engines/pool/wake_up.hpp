#pragma once

#include <cstddef>
#include <cstdint>

#include <boost/container/static_vector.hpp>

#include "harness/base/descriptor.hpp"

namespace stratbench {

/// What the owner of a pool sleeps on: an eventfd that wakes it, and the ends of its workers.
///
/// Thread safety: one thread at a time; wake() and sleep() also beside another.
class wake_up {
  public:
    /// Throws std::system_error where the system refuses a descriptor.
    wake_up();

    /// Workers write to it to wake the owner.
    [[nodiscard]] int event_fd() const noexcept { return event_.get(); }
    /// Readable while the owner must not sleep.
    [[nodiscard]] int wait_fd() const noexcept { return poller_.get(); }

    /// From now on the owner wakes when `end_fd` becomes readable: the worker of `seat` has ended.
    void watch(int end_fd, std::size_t seat);
    /// Nothing is heard of this end any more. Closing the descriptor does not see to that: a
    /// process that is just being made may still hold a copy.
    void forget(int end_fd) noexcept;

    /// Ends a sleep, the present one or the next.
    void wake() const noexcept;
    void sleep(std::int64_t until_ns) const noexcept;

    /// Some of the seats whose workers have ended, waiting for that for up to `timeout_ms`. Forgets
    /// that it was woken.
    using seats = boost::container::static_vector<std::size_t, 8>;
    seats ended(int timeout_ms = 0);

  private:
    descriptor event_;
    descriptor poller_;  ///< epoll over all of them
};

}  // namespace stratbench
