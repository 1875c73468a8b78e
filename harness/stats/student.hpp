#pragma once

#include <span>

#include "harness/stats/estimate.hpp"

namespace stratbench {

/// Student's t interval for the mean of `values`, which `confidence` (0.95) of such intervals
/// contain. Precondition: at least two values, all finite.
interval mean_interval(std::span<const double> values, double confidence);

double mean(std::span<const double> values);

/// The sample variance: the squared distances from the mean over n - 1. Precondition: at least two
/// values.
double variance(std::span<const double> values);

/// The sample standard deviation. Precondition: at least two values.
double deviation(std::span<const double> values);

}  // namespace stratbench
