#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "harness/json/json_scanner.hpp"
#include "harness/model/measurement.hpp"

namespace stratbench {

/// Reads what every file of Google Benchmark has: the times of each repetition of each name, at
/// the positions of its `context` (if there is one) and its `benchmarks`. Repetitions stand for
/// rounds, aggregates are left out. Throws json_error, not_json.
measurement read_benchmark_rows(json_scanner& in, const std::string& file,
                                std::optional<std::uint64_t> context, std::uint64_t rows);

}  // namespace stratbench
