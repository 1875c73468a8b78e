#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "harness/base/clock.hpp"

namespace stratbench {

/// When a pool tries again to put a worker on a seat where the system refused one, or where one
/// ended before it was ready: less and less often. And when it gives up, because it has had no
/// worker at all for too long.
///
/// Thread safety: none.
class hiring_policy {
  public:
    explicit hiring_policy(std::size_t seats) : seats_(seats) {}

    /// The worker of `seat` has been ready.
    void succeeded(std::size_t seat);

    /// An attempt for `seat` has failed.
    void failed(std::size_t seat, std::int64_t now);

    /// When to try again for a vacant seat.
    [[nodiscard]] std::int64_t next_attempt_ns(std::size_t seat) const {
        return seats_[seat].next_attempt_ns;
    }

    /// No seat has a worker. True when it is time to give up.
    bool is_hopeless(std::int64_t now);

  private:
    struct attempts {
        /// Failed ones in a row.
        int failures = 0;
        std::int64_t next_attempt_ns = 0;
    };

    std::vector<attempts> seats_;
    /// Since when no seat has had a worker that was ready; never_ns = that is not so.
    std::int64_t deserted_since_ns_ = never_ns;
};

}  // namespace stratbench
