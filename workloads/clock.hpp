#pragma once

#include <cstdint>
#include <ctime>
#include <limits>

namespace stratbench {

/// Nanoseconds of CLOCK_MONOTONIC: one time line for every thread and process of this machine.
inline std::int64_t now_ns() noexcept {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<std::int64_t>(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

/// An instant that never comes.
inline constexpr std::int64_t never_ns = std::numeric_limits<std::int64_t>::max();

}  // namespace stratbench
