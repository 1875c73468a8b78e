#include "harness/stats/student.hpp"

#include <cmath>
#include <numeric>

#include "harness/stats/distributions.hpp"

namespace stratbench {

double mean(std::span<const double> values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double variance(std::span<const double> values) {
    const double centre = mean(values);
    double squares = 0;
    for (const double value : values) {
        squares += (value - centre) * (value - centre);
    }
    return squares / static_cast<double>(values.size() - 1);
}

double deviation(std::span<const double> values) {
    return std::sqrt(variance(values));
}

interval mean_interval(std::span<const double> values, double confidence) {
    const auto n = static_cast<double>(values.size());
    const double centre = mean(values);
    const double half =
        deviation(values) / std::sqrt(n) * student_exceeded_with((1 - confidence) / 2, n - 1);
    return {centre - half, centre + half};
}

}  // namespace stratbench
