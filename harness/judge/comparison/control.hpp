#pragma once

#include <string_view>

#include "harness/judge/comparison/comparison.hpp"

namespace stratbench {

/// The reference strategy: its cell is the control of its group. What slows a whole session down
/// slows it as well.
inline constexpr std::string_view control_strategy = "sync";

/// Says of a comparison of two sessions how much of each cell's change is its own: fills in
/// `compared_metric::beside_control`, and which controls have moved. No verdict is touched: slower
/// work slows the control as a slower machine does, and to take that out would hide it.
void hold_against_control(const measurement& base, const measurement& candidate, comparison& made);

}  // namespace stratbench
