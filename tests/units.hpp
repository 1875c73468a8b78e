#pragma once

#include <cstdint>

namespace stratbench {

// In nanoseconds.
inline constexpr std::int64_t ms = 1'000'000;
inline constexpr std::int64_t second = 1'000'000'000;

}  // namespace stratbench
