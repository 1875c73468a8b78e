#pragma once

#include <optional>

#include "harness/judge/comparison/comparison.hpp"
#include "harness/stats/ranks/effect_test.hpp"

namespace stratbench {

/// What is asked of all comparisons that share one alpha.
struct family {
    const comparison_options& options;
    int comparisons = 0;
    bool paired = false;

    /// The change that a verdict needs, as a part.
    [[nodiscard]] double min_effect() const;
    /// Trials below which no verdict of a change is possible, however clear it is.
    [[nodiscard]] int trials_needed() const;
    /// The p that a single comparison needs where all others are by chance.
    [[nodiscard]] double p_needed() const;
};

/// Fills in what `seen` and the rounds that were to confirm it (absent where there were none) say.
/// `worse` is above 0 where the new build is the worse one, for both. `p_worse` and `p_better` are
/// Holm's.
void judge(compared_metric& figure, const effect_test& worse, double p_worse, double p_better,
           const std::optional<effect_test>& confirming, const family& among);

}  // namespace stratbench
