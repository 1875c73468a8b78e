#pragma once

#include <cstdint>

namespace stratbench {

/// Nanoseconds of one reading of the clock.
double measure_clock_ns();

/// Nanoseconds that a stamped task costs more than an unstamped one: two readings and their stores.
double measure_stamp_ns();

/// Nanoseconds for handing out one task and recording its end, its stamps apart. One task a call,
/// as an open load of separate tasks has it; where many are due at once a call serves many, and the
/// cost is less.
double measure_hand_over_ns();

/// The 90th percentile by which a sleep of milliseconds ends late; nanoseconds.
std::int64_t measure_wake_up_error_ns();

}  // namespace stratbench
