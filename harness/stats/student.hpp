#pragma once

#include <span>

#include "harness/stats/estimate.hpp"

namespace stratbench {

/// Student's t interval for the mean of `values`, which `confidence` (0.95) of such intervals
/// contain. Precondition: at least two values, all finite.
interval mean_interval(std::span<const double> values, double confidence);

double mean(std::span<const double> values);

/// The standard deviation of a sample: squares over n - 1. Precondition: at least two values.
double deviation(std::span<const double> values);

}  // namespace stratbench
