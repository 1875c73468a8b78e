#include "harness/stats/ranks/mann_whitney.hpp"

#include <cmath>
#include <cstdint>
#include <vector>

#include "harness/stats/ascending.hpp"
#include "harness/stats/distributions.hpp"
#include "harness/stats/ranks/rank_distribution.hpp"

namespace stratbench {

namespace {

struct ordered_pairs {
    /// How many of the n x m pairs have the new value below the other; equal ones are halves.
    double new_below = 0;
    /// Sum of t^3 - t over all groups of t equal values.
    double ties = 0;
};

ordered_pairs count(std::span<const double> base, std::span<const double> now) {
    const std::vector<double> a = ascending(base), b = ascending(now);
    ordered_pairs found;
    for (auto i = a.begin(), j = b.begin(); i != a.end() || j != b.end();) {
        const double value = j == b.end() || (i != a.end() && *i < *j) ? *i : *j;
        const auto new_before = static_cast<double>(j - b.begin());
        double equal_base = 0, equal_new = 0;
        for (; i != a.end() && *i == value; ++i) {
            ++equal_base;
        }
        for (; j != b.end() && *j == value; ++j) {
            ++equal_new;
        }
        found.new_below += equal_base * (new_before + equal_new / 2);
        const double equal = equal_base + equal_new;
        found.ties += equal * (equal * equal - 1);
    }
    return found;
}

}  // namespace

one_sided mann_whitney_p(std::span<const double> base, std::span<const double> now) {
    const auto [below, ties] = count(base, now);
    const auto n = static_cast<double>(base.size()), m = static_cast<double>(now.size());
    const auto by_chance = rank_distribution::of_two_samples(base.size(), now.size());
    if (ties == 0 && by_chance.exact()) {
        return {by_chance.at_most(static_cast<std::uint64_t>(std::llround(below))),
                by_chance.at_most(static_cast<std::uint64_t>(std::llround(n * m - below)))};
    }
    const double variance = n * m / 12 * (n + m + 1 - ties / ((n + m) * (n + m - 1)));
    if (variance <= 0) {
        return {};
    }
    const double from_mean = below - n * m / 2, deviation = std::sqrt(variance);
    return {normal_below((from_mean + 0.5) / deviation),
            normal_below((0.5 - from_mean) / deviation)};
}

}  // namespace stratbench
