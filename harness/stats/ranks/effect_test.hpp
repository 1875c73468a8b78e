#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "harness/stats/autocorrelation.hpp"
#include "harness/stats/detectable.hpp"
#include "harness/stats/ranks/hodges_lehmann.hpp"
#include "harness/stats/ranks/one_sided.hpp"

namespace stratbench {

/// The test of an effect on one figure, before any correction for multiple comparisons. In
/// logarithms: a shift of 0.05 is 5 % more.
struct effect_test {
    /// Pairs, or trials of the smaller sample.
    std::size_t trials = 0;
    shift change;
    /// 1 where there are too few trials.
    one_sided by_chance;
    /// Absent below two trials.
    std::optional<resolution> resolves;
    /// How the trials depend on earlier ones, where the samples are not pairs.
    autocorrelation correlation;

    /// The test seen from the other side: more is less.
    [[nodiscard]] effect_test reversed() const;
    /// The test if the variance were `inflation` times what independent trials have.
    [[nodiscard]] effect_test with_variance(double inflation) const;
    /// The p of a change in the direction of the estimate; 1 where there is none.
    [[nodiscard]] double p() const;
};

effect_test test_pairs(std::span<const double> differences);
effect_test test_samples(std::span<const double> base, std::span<const double> now);

/// Widens tests of samples: trials of one session may know of each other, and all tests together
/// show how much.
void allow_for_memory(std::span<effect_test* const> all);

}  // namespace stratbench
