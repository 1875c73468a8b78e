#include "harness/stats/detectable.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include "harness/stats/distributions.hpp"
#include "harness/stats/median.hpp"

namespace stratbench {

namespace {

constexpr double power = 0.8;

/// The standard deviation about the median, Winsorised at four MAD: a deviation beyond four times
/// the median absolute deviation counts as that. In double throughout: twice as fast, and fifteen
/// digits are enough.
double deviation_of(std::span<const double> values) {
    const double centre = median(values);
    std::vector<double> distances;
    for (const double value : values) {
        distances.push_back(std::abs(value - centre));
    }
    const double limit = 4 * median(distances);
    double squares = 0;
    for (const double distance : distances) {
        const double counted = limit > 0 ? std::min(distance, limit) : distance;
        squares += counted * counted;
    }
    return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

/// 2^n signs have no p but multiples of 2^-n, and the deeper in the tail the fewer: a sign-flip
/// test then needs clearer evidence than Student's t, as if it were asked for this p. The two
/// constants are fitted to simulation (tests/oracle/comparison_oracle_test.cpp).
double as_if_continuous(double p, int signs) {
    const double steps = p * std::exp2(signs);
    return 0.7 * p / (1 + 8 / steps);
}

}  // namespace

double resolution::of_estimate() const {
    return std::sqrt(std::numbers::pi / 3) * standard_error;
}

resolution resolution::with(int other_trials) const {
    const double part = static_cast<double>(other_trials) / trials;
    return {other_trials, standard_error / std::sqrt(part),
            std::max(1.0, degrees_of_freedom * part), paired};
}

resolution resolution_of(std::span<const double> differences) {
    const auto n = static_cast<double>(differences.size());
    return {static_cast<int>(differences.size()), deviation_of(differences) / std::sqrt(n), n - 1,
            true};
}

resolution resolution_of(std::span<const double> base, std::span<const double> now) {
    const auto n = static_cast<double>(base.size()), m = static_cast<double>(now.size());
    const double a = deviation_of(base), b = deviation_of(now);
    return {static_cast<int>(std::min(base.size(), now.size())), std::sqrt(a * a / n + b * b / m),
            n + m - 2, false};
}

double detectable_shift(const resolution& of, double p) {
    if (of.paired && p * std::exp2(of.trials) < 1) {
        return std::numeric_limits<double>::infinity();
    }
    const double p_of_t = of.paired ? as_if_continuous(p, of.trials) : p;
    const double scatter = of.paired ? of.standard_error : of.of_estimate();
    return scatter * (student_exceeded_with(p_of_t, of.degrees_of_freedom) +
                      student_exceeded_with(1 - power, of.degrees_of_freedom));
}

int trials_to_detect(double shift, const resolution& of, double p) {
    const double normally = of.standard_error * std::sqrt(of.trials) *
                            (normal_exceeded_with(p) + normal_exceeded_with(1 - power)) / shift;
    constexpr double endless = 1e9;
    if (!(normally * normally < endless)) {
        return static_cast<int>(endless);
    }
    // Both the tails of Student's t and the steps of signs ask for a few trials more.
    int enough = std::max(2, static_cast<int>(normally * normally));
    while (detectable_shift(of.with(enough), p) > shift) {
        enough += 1 + enough / 100;
    }
    return enough;
}

}  // namespace stratbench
