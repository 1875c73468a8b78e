#include "harness/stats/ranks/rank_distribution.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "harness/stats/distributions.hpp"

namespace stratbench {

namespace {

/// Up to here the distributions are counted out; the counts are whole numbers below 2^53.
constexpr std::size_t counted_differences = 50, counted_pairs = 400;

}  // namespace

rank_distribution::rank_distribution(std::uint64_t greatest, double standard_deviation,
                                     const std::vector<double>& weights)
    : top_(greatest), deviation_(standard_deviation) {
    const double all = std::accumulate(weights.begin(), weights.end(), 0.0);
    double so_far = 0;
    for (const double weight : weights) {
        so_far += weight;
        cumulative_.push_back(so_far / all);
    }
}

rank_distribution rank_distribution::of_signed_ranks(std::size_t n) {
    const auto size = static_cast<double>(n);
    const std::uint64_t greatest = static_cast<std::uint64_t>(n) * (n + 1) / 2;
    const double deviation = std::sqrt(size * (size + 1) * (2 * size + 1) / 24);
    if (n > counted_differences) {
        return {greatest, deviation, {}};
    }
    // In how many ways ranks 1 to n make each sum: each rank counts or does not.
    std::vector<double> ways(greatest + 1);
    ways[0] = 1;
    for (std::size_t rank = 1; rank <= n; ++rank) {
        for (std::size_t sum = greatest; sum >= rank; --sum) {
            ways[sum] += ways[sum - rank];
        }
    }
    return {greatest, deviation, ways};
}

rank_distribution rank_distribution::of_two_samples(std::size_t n, std::size_t m) {
    const auto a = static_cast<double>(n), b = static_cast<double>(m);
    const std::uint64_t greatest = static_cast<std::uint64_t>(n) * m;
    const double deviation = std::sqrt(a * b * (a + b + 1) / 12);
    if (greatest > counted_pairs) {
        return {greatest, deviation, {}};
    }
    // The Gaussian binomial coefficient: the product of (1 - q^(m+i)) / (1 - q^i) for i = 1 to n.
    std::vector<double> ways(greatest + 1);
    ways[0] = 1;
    for (std::size_t i = 1; i <= n; ++i) {
        for (std::size_t u = greatest; u >= m + i && u <= greatest; --u) {
            ways[u] -= ways[u - m - i];
        }
        for (std::size_t u = i; u <= greatest; ++u) {
            ways[u] += ways[u - i];
        }
    }
    return {greatest, deviation, ways};
}

double rank_distribution::at_most(std::uint64_t sum) const {
    if (sum >= top_) {
        return 1;
    }
    if (exact()) {
        return cumulative_[sum];
    }
    const double from_mean = static_cast<double>(sum) - static_cast<double>(top_) / 2 + 0.5;
    return normal_below(from_mean / deviation_);
}

}  // namespace stratbench
