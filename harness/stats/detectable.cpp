#include "harness/stats/detectable.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>

#include "harness/stats/median.hpp"

namespace stratbench::stats {

namespace {

constexpr double power = 0.8;

/// The standard deviation of `values`, none of which counts for more than three times their median
/// distance from the middle.
double deviation_of(std::span<const double> values) {
    const double centre = median(values);
    std::vector<double> distances;
    for (const double value : values) distances.push_back(std::abs(value - centre));
    const double limit = 3 * median(distances);
    double squares = 0;
    for (const double distance : distances) {
        const double counted = limit > 0 ? std::min(distance, limit) : distance;
        squares += counted * counted;
    }
    return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

}  // namespace

resolution resolution_of(std::span<const double> differences) {
    const auto n = static_cast<double>(differences.size());
    return {deviation_of(differences) / std::sqrt(n), n - 1};
}

resolution resolution_of(std::span<const double> base, std::span<const double> now) {
    const auto n = static_cast<double>(base.size()), m = static_cast<double>(now.size());
    const double a = deviation_of(base), b = deviation_of(now);
    // Ranks are worth 3 / pi of the trials that means would be.
    return {std::sqrt(std::numbers::pi / 3 * (a * a / n + b * b / m)), n + m - 2};
}

double detectable_shift(const resolution& of, double p) {
    const boost::math::students_t by_chance(of.degrees_of_freedom);
    return of.standard_error * (quantile(complement(by_chance, p)) + quantile(by_chance, power));
}

int trials_to_detect(double shift, const resolution& of, int trials, double p) {
    const double one_trial = of.standard_error * std::sqrt(trials);
    const double freedom_of_each = of.degrees_of_freedom / trials;
    const boost::math::normal normal;
    const double normally =
        one_trial * (quantile(complement(normal, p)) + quantile(normal, power)) / shift;
    constexpr double endless = 1e9;
    if (!(normally * normally < endless)) return static_cast<int>(endless);
    // Student's tails are wider than the normal ones, by no more than a few trials.
    int enough = std::max(2, static_cast<int>(normally * normally));
    while (detectable_shift(
               {one_trial / std::sqrt(enough), std::max(1.0, freedom_of_each * enough)}, p) > shift)
        ++enough;
    return enough;
}

}  // namespace stratbench::stats
