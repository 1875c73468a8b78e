#pragma once

#include <algorithm>
#include <cstdint>

#include "harness/base/clock.hpp"

namespace stratbench {

/// What poll and epoll_wait are told to wait until then, some 16 minutes at most; milliseconds, -1
/// = for ever. Rounded up: who wakes too early would turn around at once.
inline int poll_timeout_ms(std::int64_t until_ns) noexcept {
    constexpr std::int64_t longest_ms = 1'000'000;
    if (until_ns == never_ns) {
        return -1;
    }
    const std::int64_t left_ns = std::max<std::int64_t>(0, until_ns - now_ns());
    return static_cast<int>(std::min((left_ns + 999'999) / 1'000'000, longest_ms));
}

}  // namespace stratbench
