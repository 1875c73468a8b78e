#pragma once

#include "harness/stats/estimate.hpp"

namespace stratbench {

// The distributions that statistics here ask for; Boost.Math's, computed in double precision.

/// Probability that a standard normal lies below `z`, or above it.
double normal_below(double z);
double normal_above(double z);
double normal_density(double z);
/// The z that a standard normal exceeds with probability `p`; 0 < p < 1.
double normal_exceeded_with(double p);

/// The t that Student's t with `freedom` > 0 degrees of freedom exceeds with probability `p`;
/// 0 < p < 1.
double student_exceeded_with(double p, double freedom);

/// Probability that at most `k` of `n` fair coins, 0 <= k <= n, show heads.
double at_most_heads(double k, double n);

/// Clopper and Pearson's 95 % interval for a probability of which `successes` of `of` > 0 were
/// seen.
interval clopper_pearson(int successes, int of);

}  // namespace stratbench
