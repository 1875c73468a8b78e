#pragma once

#include <cstdint>
#include <vector>

namespace stratbench {

/// One reading of the event loop's own pulse.
struct heartbeat {
    /// When the beat was due; now_ns() time line.
    std::int64_t due_ns = 0;
    /// How much later it ran: for so long the loop was deaf.
    std::int64_t lag_ns = 0;
};

/// What the harness asks of an event loop, and where it leaves its answer. Written by the loop's
/// thread during run, read after run has returned.
struct loop_monitor {
    /// Time between two beats, nanoseconds; above 0.
    std::int64_t period_ns = 10'000'000;
    std::vector<heartbeat> beats;
};

}  // namespace stratbench
