#pragma once

#include <string>
#include <utility>
#include <vector>

#include "harness/model/results.hpp"
#include "harness/stats/histogram/histogram.hpp"

namespace stratbench {

/// The percentile distribution as HdrHistogram's outputPercentileDistribution prints it, for its
/// plotter: one line for each of `ticks_per_half` steps within every half of the distance that is
/// left to 100 %. Values are divided by `unit_ns`, which is above 0; the default gives
/// microseconds, whose three decimals lose nothing.
/// Source: AbstractHistogram.outputPercentileDistribution and PercentileIterator of HdrHistogram.
std::string hgrm(const histogram& h, double unit_ns = 1000, int ticks_per_half = 5);

/// A file for every latency and every distribution of service times that `results` has: its name,
/// which holds only letters, digits and `._-` and begins with the cell's number, and its text. All
/// trials of a cell are in it; a comment at its end says how many values are only lower bounds.
std::vector<std::pair<std::string, std::string>> hgrm_files(const study_results& results);

}  // namespace stratbench
