#pragma once

#include <map>

#include "harness/results/model.hpp"

namespace stratbench::stats {

/// How many times greater one cell's figure is than another's, trial by trial.
struct paired_ratio {
    /// Rounds in which both have a figure; below `fewest_rounds` there is no ratio.
    int rounds = 0;
    double ratio = 1;
    interval ci{1, 1};
};

inline constexpr int fewest_rounds = 3;

/// Pairs the figures of `a` and `b` by their round, within one study, so that what a round does to
/// both (a warm machine, a noisy neighbour) cancels out. The ratio is the geometric mean, its
/// interval Student's t on the logarithms; figures that are not above 0 do not count.
paired_ratio compare_by_round(const std::map<int, double>& a, const std::map<int, double>& b,
                              double confidence);

}  // namespace stratbench::stats
