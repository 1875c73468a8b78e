#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/judge/comparison/comparison.hpp"

namespace stratbench {

/// How far to trust a machine as a gate: what a comparison makes of a build and itself.
struct self_test_report {
    comparison_options options;
    /// Two files of one interleaved run; otherwise the rounds of one file, each held against the
    /// next, which were further apart in time than a pair of one round would be.
    bool interleaved = false;
    /// Why there is nothing to say (a single round ...); the rest is empty then.
    std::string impossible;

    /// Pairs that each comparison had, and comparisons that share alpha.
    int rounds = 0, gated = 0;
    /// Time that the rounds took, 0 where nobody knows; and pairs that alpha needs.
    double measuring_s = 0;
    int rounds_needed = 0;

    /// What the pairs say as they were measured.
    verdict as_measured = verdict::inconclusive;
    /// The pairs again, each time with chance deciding in each round which one is called new: how
    /// many whole comparisons, and how many of them said regressed anywhere.
    int relabelled = 0, alarms = 0;
    /// alarms / relabelled and its 95 % interval (Clopper and Pearson) as if each comparison had
    /// been measured anew. They all use the same trials, so it is too narrow by nobody knows how
    /// much: show `caveat` beside it.
    double false_alarms = 0;
    interval false_alarms_ci95{0, 1};
    std::string caveat;

    struct cell {
        std::string name;
        metric figure = metric::throughput;
        /// New over base, as measured: 1 but for noise.
        double ratio = 1;
        interval ci95{1, 1};
        /// The standard deviation of the ratio of a single round (0.02 = 2 %).
        std::optional<double> spread;
        /// The smallest slowdown that so many rounds see four times in five.
        std::optional<double> detectable;
        /// Rounds, and the time that they take on this machine, that make a slowdown of min_effect
        /// significant four times in five.
        std::optional<int> rounds_for_min_effect;
        std::optional<double> seconds_for_min_effect;
    };
    /// Of each cell what the gate would look at.
    std::vector<cell> cells;
    /// "NAME: why" of the cells that have figures which cannot be compared.
    std::vector<std::string> left_out;

    /// The greatest of the cells' `detectable`; absent where any has none.
    [[nodiscard]] std::optional<double> detectable() const;
};

/// From two files that `run --against self` made. The same seed makes the same report.
self_test_report self_test(const measurement& one, const measurement& other,
                           const comparison_options& options, std::uint64_t seed = 1);

/// From any results file with at least two rounds.
self_test_report self_test(const measurement& once, const comparison_options& options,
                           std::uint64_t seed = 1);

}  // namespace stratbench
