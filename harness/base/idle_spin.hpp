#pragma once

#include <sched.h>

#include <algorithm>
#include <cstdint>

#include "harness/base/clock.hpp"

namespace stratbench {

/// Tells the processor that this is a spin loop.
inline void cpu_relax() noexcept {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
}

/// A bounded, adaptive spin before sleeping: waking a sleeper costs tens of microseconds, so a
/// short wait is worth spinning through, and a long one is not. The bound doubles when spinning
/// found work and halves when it did not, so an idle worker soon sleeps at once. It rises as well
/// when a wait, its sleep included, was shorter than the longest spin: two that have put each other
/// to sleep would otherwise never spin again.
///
/// Use: while there is no work, call `again()`; when it says false, sleep. Call `found()` when work
/// was there. Gives way to other threads (sched_yield), so that more spinners than CPUs do no harm;
/// but only while spinning pays, because that is while tasks are short: who gives way to a long one
/// gets the CPU back milliseconds later, deaf to what arrives meanwhile.
///
/// Thread safety: none; one per waiting thread.
class idle_spin {
  public:
    /// About the cost of the wake-up that the spin may save.
    static constexpr std::int64_t longest_ns = 50'000;
    static constexpr std::int64_t shortest_ns = 1'000;

    bool again() noexcept {
        for (int i = 0; i < 8; ++i) {
            cpu_relax();
        }
        const std::int64_t now = now_ns();
        if (began_ns_ == 0) {
            began_ns_ = now;
            return true;
        }
        if (now - began_ns_ < bound_ns_) {
            if (bound_ns_ > shortest_ns) {
                sched_yield();
            }
            return true;
        }
        if (slept_since_ns_ == 0) {
            slept_since_ns_ = began_ns_;
        }
        bound_ns_ = std::max(bound_ns_ / 2, shortest_ns);
        began_ns_ = 0;
        return false;
    }

    void found() noexcept {
        if (slept_since_ns_ != 0) {
            if (now_ns() - slept_since_ns_ <= longest_ns) {
                raise(4);
            }
            slept_since_ns_ = 0;
        } else if (began_ns_ != 0) {
            raise(2);
        }
        began_ns_ = 0;
    }

  private:
    void raise(std::int64_t factor) noexcept {
        bound_ns_ = std::min(bound_ns_ * factor, longest_ns);
    }

    std::int64_t bound_ns_ = longest_ns;
    std::int64_t began_ns_ = 0;
    /// When the wait began that led to a sleep; 0 = it has not.
    std::int64_t slept_since_ns_ = 0;
};

}  // namespace stratbench
