#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace stratbench {

/// All sums of one value of `a` and one of `b`, or of any two values of one list, each value with
/// itself included: far too many to write down, but in order along both lists, so that the k-th
/// smallest is found in O(n log n) time and O(n) memory. Source: Monahan, Algorithm 616: Fast
/// computation of the Hodges-Lehmann location estimator, ACM TOMS 10 (1984); here by bisection.
class pair_sums {
  public:
    /// a[i] + b[j] for all i and j. Precondition: neither is empty, all finite.
    pair_sums(std::vector<double> a, std::vector<double> b);
    /// values[i] + values[j] for all i <= j. Precondition: not empty, all finite.
    explicit pair_sums(std::vector<double> values);

    [[nodiscard]] std::uint64_t count() const { return total_; }
    /// Precondition: 1 <= k <= count().
    [[nodiscard]] double kth_smallest(std::uint64_t k) const;
    /// The middle sum, or halfway between the two middle ones.
    [[nodiscard]] double median() const;

  private:
    [[nodiscard]] const std::vector<double>& columns() const { return one_list_ ? rows_ : others_; }
    /// Where row i begins: a sum and its mirror image count once.
    [[nodiscard]] std::size_t first_column(std::size_t i) const { return one_list_ ? i : 0; }
    [[nodiscard]] std::uint64_t at_most(double limit) const;
    /// The sums above `low` and at most `high`.
    [[nodiscard]] std::vector<double> between(double low, double high) const;

    std::vector<double> rows_, others_;
    bool one_list_;
    std::uint64_t total_;
};

}  // namespace stratbench
