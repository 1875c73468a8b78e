#pragma once

#include <cstdint>
#include <span>

#include "harness/model/results.hpp"
#include "strategies/contract/heartbeat.hpp"

namespace stratbench {

/// Most heartbeats that a record keeps.
inline constexpr std::size_t most_heartbeats = 500;

/// How late an event loop heard its own timer: `into.front_end.loop_lag` over all beats, and
/// `into.heartbeats`, of many the worst of each step. Nothing where there were none. `opened_ns` is
/// time 0 of the record.
void analyse_heartbeats(std::span<const heartbeat> beats, std::int64_t opened_ns,
                        trial_record& into);

}  // namespace stratbench
