#pragma once

#include <span>

#include "harness/stats/estimate.hpp"

namespace stratbench {

/// By how much values are shifted, and the 95 % interval of it.
struct shift {
    double value = 0;
    interval ci95{0, 0};
};

/// Hodges and Lehmann's estimate of the centre of `differences`: the median of the means of all
/// pairs (Walsh averages). The interval is made of two of these means in their order, which ones by
/// Wilcoxon's signed ranks, interpolated where so few values leave a gap between 95 % and what two
/// of them hold; below six values there are none so wide, and it is Student's t, widened to hold
/// the estimate. A single value is its own interval. Precondition: not empty, all finite.
/// Source: Hodges and Lehmann, Estimates of location based on rank tests, Annals of Mathematical
/// Statistics 34 (1963).
shift centre_of(std::span<const double> differences);

/// Hodges and Lehmann's estimate of the shift between two independent samples: the median of all
/// differences `now` - `base`, with
/// the interval by Mann and Whitney's U; Welch's t where the samples are too small for it. Where
/// either is a single value, the estimate is its own interval. Precondition: neither is empty, all
/// finite.
shift shift_between(std::span<const double> base, std::span<const double> now);

}  // namespace stratbench
