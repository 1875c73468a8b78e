#pragma once

#include <string>

#include "harness/model/results.hpp"

namespace stratbench {

/// The cells of a study for github-action-benchmark's tool `customSmallerIsBetter`: a list of
/// {name, unit, value, range, extra}. One file has one direction, so that throughput is written as
/// what a task takes (ns/task), beside the p50 and p99 of an open load (ns). `range` is the greater
/// half of the 95 % interval.
std::string github_benchmarks(const study_results& results);

}  // namespace stratbench
