#pragma once

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <climits>
#include <cstdint>
#include <ctime>

#include "harness/base/clock.hpp"

namespace stratbench {

/// A flag that says that one side sleeps, and on which that side sleeps (a futex); works between
/// processes.
///
/// Invariant: after set_asleep, whoever publishes work and then calls wake() is seen, either by the
/// sleeper's own second look at the work or by the flag's change. Both sides use sequentially
/// consistent operations for that (store flag, load work | store work, load flag).
class sleep_flag {
  public:
    void set_asleep() noexcept { word_.store(1); }
    void set_awake() noexcept { word_.store(0); }

    /// Sleeps while the flag is set, but no longer than until an instant of now_ns(); returns early
    /// for a signal. Precondition: set_asleep, then a second look that found no work.
    void sleep(std::int64_t until_ns = never_ns) noexcept {
        static_assert(sizeof(word_) == sizeof(std::uint32_t));
        const timespec until{until_ns / 1'000'000'000, until_ns % 1'000'000'000};
        syscall(SYS_futex, &word_, FUTEX_WAIT_BITSET, 1, until_ns == never_ns ? nullptr : &until,
                nullptr, FUTEX_BITSET_MATCH_ANY);
    }

    /// A hint: cheap, and late by what the processor takes to pass on a store.
    [[nodiscard]] bool seems_asleep() const noexcept {
        return word_.load(std::memory_order_relaxed) != 0;
    }

    /// Clears the flag; true if the other side was asleep (or about to be).
    bool take_awake() noexcept { return word_.load() != 0 && word_.exchange(0) != 0; }

    void wake() noexcept {
        if (take_awake()) {
            syscall(SYS_futex, &word_, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
        }
    }

  private:
    std::atomic<std::uint32_t> word_{0};
};

}  // namespace stratbench
