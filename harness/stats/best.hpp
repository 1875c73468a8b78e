#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "harness/stats/estimate.hpp"

namespace stratbench {

/// What one contender achieved, by generation and by round: logarithms of figures, more is better.
using figures_by_round = std::map<int, std::map<int, double>>;

/// Comparisons of k contenders with the best of them.
struct best_comparison {
    /// Those of the pair that has fewest.
    int generations = 0, rounds = 0;
    /// Those that may be the best, by index; the best estimate first.
    std::vector<std::size_t> candidates;
    /// The candidates, and those that are shown to be behind them by no more than a tie: at least
    /// two if all of them lie that close together; empty where they do not.
    std::vector<std::size_t> tied;
    /// By index: how far each is behind the best of all, as a logarithm; 0 where it may be the
    /// best. For the best estimate: against the next.
    std::vector<interval> behind;
    std::vector<double> estimates;
    /// By index: at most so far behind the best, as a logarithm; infinite where it is unknown.
    std::vector<double> regret;
    /// How far the only candidate is ahead of the next, as a logarithm, 0 or more, as it is the
    /// best; absent without one.
    std::optional<interval> lead;
    std::optional<double> lead_estimate;
    std::size_t next = 0;
    /// How many times as many generations should decide whether the two best differ or tie within
    /// `tie`; absent where that is decided, or cannot be estimated.
    std::optional<double> times_as_many;
};

/// Fewer generations than this are not compared.
inline constexpr int fewest_generations = 3;

/// The candidates and all bounds hold together with probability 1 - alpha: whichever is the
/// best, what it is ahead of the k - 1 others is caught by Student's bounds at alpha / (k - 1)
/// (Bonferroni), and the rest follows from these (Hsu's constrained comparisons with the best: The
/// Annals of Statistics 9 (1981), 1026-1034). Those that are beaten do not count any more when the
/// others are compared (a step-down, as Holm's): what is said of these holds among them. The unit
/// is the generation, because what lasts for a process's life, and a machine that drifts, are the
/// same for all rounds of one: the difference of two contenders in a generation is the median over
/// the rounds that both have in it. It counts as the part of the worse one's cost that the better
/// one saves, 1 - better / worse, so that no generation, in which a queue may run over and make a
/// latency fifty times as long, weighs more than a whole; their mean is given as the logarithm of a
/// ratio again, a bound that reaches a whole as infinite. Generations count the more the more
/// rounds they have, up to five times what one with a single round does.
///
/// Absent with fewer than two contenders, or where the best two share fewer than
/// fewest_generations. `tie` is a part (0.03).
std::optional<best_comparison> compare_with_best(std::span<const figures_by_round> contenders,
                                                 double alpha, double tie);

}  // namespace stratbench
