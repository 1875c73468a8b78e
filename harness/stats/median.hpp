#pragma once

#include <span>

#include "harness/stats/estimate.hpp"

namespace stratbench {

/// The middle value, or halfway between the two middle ones. Precondition: not empty.
double median(std::span<const double> values);

/// Values from which on order statistics alone make an interval for the median.
inline constexpr std::size_t enough_for_order_statistics = 6;

/// An interval that holds the median of what `values` are drawn from with `confidence` (0.5 to
/// 0.97), whatever its distribution: two order statistics, interpolated between the pair that is
/// too narrow and the one that is too wide. Precondition: at least enough_for_order_statistics
/// values. Source: Hettmansperger and Sheather, Confidence intervals based on interpolated order
/// statistics, Statistics & Probability Letters 4 (1986).
interval median_interval(std::span<const double> values, double confidence);

/// The median of `values` and its 95 % interval (absent below two values). Precondition: not empty,
/// all finite. From six values on it is median_interval, because a shared machine's trials have
/// tails that a mean does not survive. So few values as 2 to 5 have no such interval: there it is
/// Student's t on the logarithms where all values are above 0 (times and rates scatter by factors),
/// on the values otherwise.
estimate median_with_interval(std::span<const double> values);

}  // namespace stratbench
