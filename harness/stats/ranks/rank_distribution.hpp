#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace stratbench {

/// How a sum of ranks is distributed where nothing but chance decides: symmetric, on 0, 1 ...
/// greatest. Exact for small samples without ties, normal with continuity correction beyond.
class rank_distribution {
  public:
    /// Wilcoxon's signed ranks of n differences: how many of the Walsh averages are above 0.
    static rank_distribution of_signed_ranks(std::size_t n);
    /// Mann and Whitney's U: how many of the n x m pairs are in one order.
    static rank_distribution of_two_samples(std::size_t n, std::size_t m);

    [[nodiscard]] bool exact() const { return !cumulative_.empty(); }
    [[nodiscard]] std::uint64_t greatest() const { return top_; }
    /// The probability of `sum` or less.
    [[nodiscard]] double at_most(std::uint64_t sum) const;

  private:
    rank_distribution(std::uint64_t greatest, double standard_deviation,
                      const std::vector<double>& weights);

    std::uint64_t top_;
    double deviation_;
    std::vector<double> cumulative_;
};

}  // namespace stratbench
