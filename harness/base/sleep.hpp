#pragma once

#include <sys/prctl.h>

#include <cerrno>
#include <cstdint>
#include <ctime>

namespace stratbench {

/// Sleeps until an instant of the now_ns() time line; signals do not shorten it.
inline void sleep_until(std::int64_t when_ns) noexcept {
    const timespec when{when_ns / 1'000'000'000, when_ns % 1'000'000'000};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &when, nullptr) == EINTR) {
    }
}

/// By default the kernel lets a sleep end 50 us late, to save power. From here on it does not, for
/// this thread and for the threads and processes that it makes.
inline void ask_for_punctual_sleeps() {
    ::prctl(PR_SET_TIMERSLACK, 1UL);
}

}  // namespace stratbench
