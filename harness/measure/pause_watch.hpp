#pragma once

#include <cstdint>
#include <ctime>
#include <string>

namespace stratbench {

/// Sees whether somebody paused what is measured: whether this process or a child of it was stopped
/// and went on (SIGSTOP, Ctrl-Z), or the machine was suspended. What lies around a pause has no
/// figures.
///
/// Thread safety: none.
class pause_watch {
  public:
    /// The kernel's, or a fake in tests; as clock_gettime.
    using clock = int (*)(clockid_t, timespec*);

    /// Begins to watch.
    explicit pause_watch(clock read = ::clock_gettime);

    /// What has happened since then, as the end of a sentence about a trial; empty = nothing.
    [[nodiscard]] std::string seen() const;

  private:
    /// How long the machine has been suspended since it started: bounds, because it takes two
    /// readings of clocks, between which others may run.
    struct suspended {
        std::int64_t least_ns = 0, most_ns = 0;
    };
    [[nodiscard]] suspended read_suspended() const;

    clock read_;
    suspended before_;
    std::uint64_t continued_before_;
};

}  // namespace stratbench
