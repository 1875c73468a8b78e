#pragma once

#include <string>

#include "harness/judge/comparison/comparison.hpp"

namespace stratbench {

/// What the gate looked at as a JUnit report, a test for each gated metric of each cell: a failure
/// where it regressed, an error where it could not be compared, skipped where it is ignored. What
/// is inconclusive passes and says why in its output; with `strict` it is a failure.
std::string junit_comparison(const comparison& found, bool strict = false);

}  // namespace stratbench
