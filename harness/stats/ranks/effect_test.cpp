#include "harness/stats/ranks/effect_test.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "harness/stats/ascending.hpp"
#include "harness/stats/distributions.hpp"
#include "harness/stats/ranks/mann_whitney.hpp"
#include "harness/stats/ranks/sign_flip.hpp"

namespace stratbench {

namespace {

/// The p of a z that is smaller by this factor.
double weakened(double p, double by) {
    if (p <= 0 || p >= 1) {
        return p;
    }
    return normal_above(normal_exceeded_with(p) / by);
}

}  // namespace

effect_test effect_test::reversed() const {
    effect_test other = *this;
    other.change = {-change.value, {-change.ci95.hi, -change.ci95.lo}};
    std::swap(other.by_chance.more, other.by_chance.less);
    return other;
}

effect_test effect_test::with_variance(double inflation) const {
    const double wider = std::sqrt(inflation);
    effect_test other = *this;
    other.change.ci95 = {change.value - wider * (change.value - change.ci95.lo),
                         change.value + wider * (change.ci95.hi - change.value)};
    other.by_chance = {weakened(by_chance.more, wider), weakened(by_chance.less, wider)};
    if (resolves) {
        other.resolves->standard_error *= wider;
    }
    return other;
}

double effect_test::p() const {
    if (change.value == 0) {
        return std::max(by_chance.more, by_chance.less);
    }
    return change.value > 0 ? by_chance.more : by_chance.less;
}

effect_test test_pairs(std::span<const double> differences) {
    effect_test seen;
    seen.trials = differences.size();
    if (seen.trials == 0) {
        return seen;
    }
    // What follows takes medians and orders again and again: cheap where they are in order already.
    const std::vector<double> sorted = ascending(differences);
    seen.change = centre_of(sorted);
    if (seen.trials < 2) {
        return seen;
    }
    seen.by_chance = sign_flip_p(sorted);
    seen.resolves = resolution_of(sorted);
    return seen;
}

effect_test test_samples(std::span<const double> base, std::span<const double> now) {
    effect_test seen;
    seen.trials = std::min(base.size(), now.size());
    if (seen.trials == 0) {
        return seen;
    }
    const std::vector<double> of_base = ascending(base), of_now = ascending(now);
    seen.change = shift_between(of_base, of_now);
    if (seen.trials < 2) {
        return seen;
    }
    seen.correlation.add(base);
    seen.correlation.add(now);
    seen.by_chance = mann_whitney_p(of_base, of_now);
    seen.resolves = resolution_of(of_base, of_now);
    return seen;
}

void allow_for_memory(std::span<effect_test* const> all) {
    autocorrelation together;
    for (const effect_test* one : all) {
        together.add(one->correlation);
    }
    for (effect_test* one : all) {
        *one = one->with_variance(together.inflation());
    }
}

}  // namespace stratbench
