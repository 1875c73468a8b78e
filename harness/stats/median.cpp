#include "harness/stats/median.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "harness/stats/ascending.hpp"
#include "harness/stats/distributions.hpp"
#include "harness/stats/student.hpp"

namespace stratbench {

namespace {

/// For few values: an interval for the mean, which is the median's where they scatter evenly.
interval parametric_interval(std::span<const double> values) {
    if (!std::all_of(values.begin(), values.end(), [](double v) { return v > 0; })) {
        return mean_interval(values, 0.95);
    }
    std::vector<double> logs;
    for (const double value : values) {
        logs.push_back(std::log(value));
    }
    const interval ci = mean_interval(logs, 0.95);
    return {std::exp(ci.lo), std::exp(ci.hi)};
}

}  // namespace

double median(std::span<const double> values) {
    std::vector<double> parted(values.begin(), values.end());
    const auto middle = parted.begin() + static_cast<std::ptrdiff_t>(parted.size() / 2);
    std::nth_element(parted.begin(), middle, parted.end());
    return parted.size() % 2 == 1
               ? *middle
               : std::midpoint(*std::max_element(parted.begin(), middle), *middle);
}

interval median_interval(std::span<const double> values, double confidence) {
    const std::vector<double> sorted = ascending(values);
    const std::size_t n = sorted.size();
    // The probability that the median lies between the d-th value from below and from above.
    const auto holds = [&](std::size_t d) {
        return 1 - 2 * at_most_heads(static_cast<double>(d) - 1, static_cast<double>(n));
    };
    std::size_t d = 1;
    while (d + 1 <= n / 2 && holds(d + 1) >= confidence) {
        ++d;
    }
    const double excess = (holds(d) - confidence) / (holds(d) - holds(d + 1));
    const auto depth = static_cast<double>(d), all = static_cast<double>(n);
    const double inwards = (all - depth) * excess / (depth + (all - 2 * depth) * excess);
    return {std::lerp(sorted[d - 1], sorted[d], inwards),
            std::lerp(sorted[n - d], sorted[n - d - 1], inwards)};
}

estimate median_with_interval(std::span<const double> values) {
    estimate result{median(values), std::nullopt};
    if (values.size() < 2) {
        return result;
    }
    interval ci = values.size() < enough_for_order_statistics ? parametric_interval(values)
                                                              : median_interval(values, 0.95);
    // An interval for the mean is widened to hold the median that it stands beside, where a stray
    // trial moves the one far from the other.
    ci = {std::min(ci.lo, result.value), std::max(ci.hi, result.value)};
    if (std::isfinite(ci.lo) && std::isfinite(ci.hi)) {
        result.ci95 = ci;
    }
    return result;
}

}  // namespace stratbench
