#include "harness/stats/ranks/hodges_lehmann.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "harness/stats/distributions.hpp"
#include "harness/stats/ranks/pair_sums.hpp"
#include "harness/stats/ranks/rank_distribution.hpp"
#include "harness/stats/student.hpp"

namespace stratbench {

namespace {

constexpr double confidence = 0.95;

/// The k-th sum from below and from above, k so that they hold the centre with 95 %; absent where
/// not even the first and the last one do.
std::optional<interval> of_order_statistics(const pair_sums& sums,
                                            const rank_distribution& by_chance) {
    const auto holds = [&](std::uint64_t k) { return 1 - 2 * by_chance.at_most(k - 1); };
    if (holds(1) < confidence) {
        return std::nullopt;
    }
    // Invariant: `k` sums cut off at both ends leave enough, `too_many` do not.
    std::uint64_t k = 1, too_many = sums.count() / 2 + 1;
    while (too_many - k > 1) {
        const std::uint64_t middle = k + (too_many - k) / 2;
        (holds(middle) >= confidence ? k : too_many) = middle;
    }
    const std::uint64_t all = sums.count();
    const interval wide{sums.kth_smallest(k), sums.kth_smallest(all + 1 - k)};
    if (!by_chance.exact() || 2 * (k + 1) > all + 1) {
        return wide;
    }
    const double inwards = (holds(k) - confidence) / (holds(k) - holds(k + 1));
    return interval{std::lerp(wide.lo, sums.kth_smallest(k + 1), inwards),
                    std::lerp(wide.hi, sums.kth_smallest(all - k), inwards)};
}

double variance_of_mean(std::span<const double> values) {
    return variance(values) / static_cast<double>(values.size());
}

interval welch_interval(std::span<const double> base, std::span<const double> candidate) {
    const double a = variance_of_mean(base), b = variance_of_mean(candidate);
    const double centre = mean(candidate) - mean(base);
    if (a + b <= 0) {
        return {centre, centre};
    }
    const double freedom = (a + b) * (a + b) /
                           (a * a / static_cast<double>(base.size() - 1) +
                            b * b / static_cast<double>(candidate.size() - 1));
    const double half = std::sqrt(a + b) * student_exceeded_with((1 - confidence) / 2, freedom);
    return {centre - half, centre + half};
}

interval holding(interval ci, double value) {
    return {std::min(ci.lo, value), std::max(ci.hi, value)};
}

}  // namespace

shift centre_of(std::span<const double> differences) {
    const pair_sums sums({differences.begin(), differences.end()});
    const double value = sums.median() / 2;
    if (differences.size() < 2) {
        return {value, {value, value}};
    }
    const auto by_chance = rank_distribution::of_signed_ranks(differences.size());
    if (const auto ci = of_order_statistics(sums, by_chance)) {
        return {value, {ci->lo / 2, ci->hi / 2}};
    }
    return {value, holding(mean_interval(differences, confidence), value)};
}

shift shift_between(std::span<const double> base, std::span<const double> candidate) {
    std::vector<double> less_base;
    less_base.reserve(base.size());
    for (const double value : base) {
        less_base.push_back(-value);
    }
    const pair_sums sums(std::move(less_base), {candidate.begin(), candidate.end()});
    const double value = sums.median();
    if (base.size() < 2 || candidate.size() < 2) {
        return {value, {value, value}};
    }
    const auto by_chance = rank_distribution::of_two_samples(base.size(), candidate.size());
    if (const auto ci = of_order_statistics(sums, by_chance)) {
        return {value, *ci};
    }
    return {value, holding(welch_interval(base, candidate), value)};
}

}  // namespace stratbench
