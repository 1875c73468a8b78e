#pragma once

#include "harness/results/json.hpp"

namespace stratbench {

/// The `benchmarks[]` of a results file, as Google Benchmark 1.7 writes them: one row per trial,
/// then mean, median, stddev and cv of a cell with at least two trials that are ok. A trial that
/// failed and a cell without trials have a row with `error_occurred`.
json benchmark_rows(const std::vector<cell_result>& cells);

}  // namespace stratbench
