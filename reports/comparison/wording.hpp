#pragma once

#include <string>
#include <string_view>

#include "harness/judge/comparison/comparison.hpp"

namespace stratbench {

/// The word for it, as people read it.
std::string_view name_of(verdict result);

/// A figure of that metric with its unit: "960/s", "2.31 ms", "10.2 MiB".
std::string figure_of(metric what, double value);

/// "5.1 % slower": a task takes 1.051 times as long. "5.1 % faster": it does 1.051 times as many in
/// the same time. Of CPU time and memory "5.1 % more" and "5.1 % less".
std::string change_of(metric what, double ratio);

/// The same with the interval in it: "5.1 % slower [4.2, 6.0]", negative where the interval reaches
/// to the other side.
std::string change_of(metric what, const relative_change& change);
std::string change_of(const compared_metric& figure);

/// A detectable change above this is no longer told from others: who cannot see a task that takes
/// twice as long sees nothing.
inline constexpr double blind = 1;

/// What rounds with that smallest detectable change see: "5.1 % or more", "nothing below 100 %".
std::string what_is_seen(double detectable);

/// A cell as a report shows it: named as Google Benchmark names its own, whose last part says
/// nothing to people.
std::string shown(const std::string& cell);

}  // namespace stratbench
