#pragma once

#include <cstdint>

#include "harness/load/load_spec.hpp"
#include "harness/model/cell.hpp"
#include "harness/model/load_plan.hpp"

namespace stratbench {

/// How long a window is that nobody asked for, where its load says nothing better; nanoseconds.
inline constexpr std::int64_t window_slice_ns = 25'000'000;

/// How long a slice is where nobody has said how long a trial should be; nanoseconds. Short, so
/// that slices that are compared stand close together in time, and long enough for what is counted
/// in them.
std::int64_t slice_length_ns(const load_plan& load, const load_basis& basis);

/// How long arrivals go on before the window begins, so that the queue forgets how it began; as in
/// cell. The cell has its load and its window.
std::int64_t lead_in_ns(const cell& c, const load_basis& basis);

/// How many tasks a cell will have, or, where that depends on its strategy, would have if that were
/// as quick as sync.
double expected_tasks(const cell& c, const load_basis& basis);

/// One task in so many is stamped, as in cell, in slices of so many tasks.
std::uint32_t stamp_one_in(const cell& c, double tasks, bool all);

/// What a slice of a cell should take, start-up left out; nanoseconds. A guess from serial cost,
/// for deadlines, the least budget and progress only.
double expected_slice_ns(const cell& c);

}  // namespace stratbench
