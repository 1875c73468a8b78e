#pragma once

#include <span>

#include "harness/model/results.hpp"

namespace stratbench {

/// Generations before which nobody asks whether the figures are precise enough.
inline constexpr int generations_before_stopping = 10;

/// Whether a cell needs no more trials: half the width of its primary figure's 95 % interval is at
/// most `precision` (0.02 = 2 %) of it. A cell without two figures above 0 never is.
///
/// It does not look at the interval that is reported: an interval that decides by its own width
/// when it is good enough stops when it happens to be narrow, and then holds the truth less often
/// than it says (91 % instead of 95 %). Student's interval of the mean logarithm, 1.25 times as
/// wide (the price of a median: sqrt(pi / 2)), is nearly free of that; so are ten generations
/// before the first look. tests/oracle/coverage_oracle_test.cpp has the figures.
bool precise_enough(const cell& planned, std::span<const trial_record> trials, double precision);

/// The same of how many times greater the cell's figure is on one side than on the other,
/// generation by generation. What is reported of it is Hodges and Lehmann's estimate, whose price
/// is sqrt(pi / 3).
bool ratio_precise_enough(const cell& planned, std::span<const trial_record> base,
                          std::span<const trial_record> candidate, double precision);

}  // namespace stratbench
