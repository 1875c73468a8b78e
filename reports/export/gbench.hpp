#pragma once

#include <string>

#include "harness/model/results.hpp"

namespace stratbench {

/// Google Benchmark's JSON with one row for each cell, whose times are the medians of its trials:
/// for tools that take the first row of a name, or the last. (A results file has a row for each
/// trial.) Cells without a trial that is ok have none, since such tools take a time of 0 for a
/// figure.
std::string gbench_one_row_each(const study_results& results);

}  // namespace stratbench
