#pragma once

#include <string>

#include "harness/model/results.hpp"

namespace stratbench {

/// The cells of a study in Bencher's metric format: {cell: {measure: {value, lower_value,
/// upper_value}}}, the bounds being those of the 95 % interval. Measures: `throughput` (tasks per
/// second), `latency-p50` ... `latency-p99-9` and `startup` (nanoseconds), `memory` (bytes). A
/// figure that is refused or only a bound is left out, and so is a cell that has none.
/// Source: Bencher's reference of the format, whose names of measures are slugs.
std::string bmf(const study_results& results);

}  // namespace stratbench
