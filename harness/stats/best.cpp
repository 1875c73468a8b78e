#include "harness/stats/best.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "harness/stats/distributions.hpp"
#include "harness/stats/median.hpp"

namespace stratbench {

namespace {

constexpr double unknown = std::numeric_limits<double>::infinity();

/// The part of the worse figure's cost that the better one saves, positive where the first is the
/// better: 1/2 is twice as good. For small differences it is the logarithm of their ratio, but no
/// generation weighs more than a whole, however far a queue ran over in it.
double part_saved(double log_ratio) {
    return std::copysign(-std::expm1(-std::abs(log_ratio)), log_ratio);
}

/// Infinite from a whole on.
double log_ratio_of(double part) {
    return std::copysign(std::abs(part) < 1 ? -std::log1p(-std::abs(part)) : unknown, part);
}

/// By how much one contender is better than another. What it gives are logarithms of ratios.
struct difference {
    int generations = 0, rounds = 0;
    /// Parts saved.
    double mean_part = 0;
    /// Infinite below two generations.
    double standard_error = unknown;

    [[nodiscard]] double estimate() const { return log_ratio_of(mean_part); }
    /// What the truth does not exceed, but with probability `alpha`.
    [[nodiscard]] double at_most(double alpha) const {
        return log_ratio_of(mean_part + reach(alpha));
    }
    /// On both sides, each with half of `alpha`.
    [[nodiscard]] interval within(double alpha) const {
        return {log_ratio_of(mean_part - reach(alpha / 2)),
                log_ratio_of(mean_part + reach(alpha / 2))};
    }
    /// Half the width of the interval, as a part.
    [[nodiscard]] double reach(double alpha) const {
        if (generations < 2) {
            return unknown;
        }
        return standard_error * student_exceeded_with(alpha, generations - 1);
    }
};

/// How much a generation of so many rounds counts: one over its variance, that of a round taken for
/// four times that between generations.
double weight_of(std::size_t rounds) {
    constexpr double round_to_generation = 4;
    const auto n = static_cast<double>(rounds);
    return n / (n + round_to_generation);
}

difference between(const figures_by_round& a, const figures_by_round& b) {
    difference found;
    std::vector<double> parts, weights;
    for (const auto& [generation, of_a] : a) {
        const auto of_b = b.find(generation);
        if (of_b == b.end()) {
            continue;
        }
        std::vector<double> pairs;
        for (const auto& [round, figure] : of_a) {
            if (const auto other = of_b->second.find(round); other != of_b->second.end()) {
                pairs.push_back(figure - other->second);
            }
        }
        if (pairs.empty()) {
            continue;
        }
        found.rounds += static_cast<int>(pairs.size());
        parts.push_back(part_saved(median(pairs)));
        weights.push_back(weight_of(pairs.size()));
    }
    found.generations = static_cast<int>(parts.size());
    if (parts.empty()) {
        return found;
    }
    double sum = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        sum += weights[i];
        found.mean_part += weights[i] * parts[i];
    }
    found.mean_part /= sum;
    if (parts.size() < 2) {
        return found;
    }
    double distances = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        distances += weights[i] * (parts[i] - found.mean_part) * (parts[i] - found.mean_part);
    }
    found.standard_error = std::sqrt(distances / (static_cast<double>(parts.size()) - 1) / sum);
    return found;
}

/// Every contender against every other.
class all_pairs {
  public:
    explicit all_pairs(std::span<const figures_by_round> contenders)
        : ahead_(contenders.size(), std::vector<difference>(contenders.size())) {
        for (std::size_t i = 0; i < ahead_.size(); ++i) {
            for (std::size_t j = i + 1; j < ahead_.size(); ++j) {
                ahead_[i][j] = between(contenders[i], contenders[j]);
                ahead_[j][i] = ahead_[i][j];
                ahead_[j][i].mean_part = -ahead_[i][j].mean_part;
            }
        }
    }

    const std::vector<difference>& operator[](std::size_t i) const { return ahead_[i]; }

    /// Those of `some` that none of them is shown to beat.
    [[nodiscard]] std::vector<std::size_t> unbeaten(const std::vector<std::size_t>& some,
                                                    double alpha) const {
        std::vector<std::size_t> found;
        for (const std::size_t i : some) {
            if (std::ranges::none_of(some, [&](std::size_t j) {
                    return j != i && ahead_[i][j].at_most(alpha) < 0;
                })) {
                found.push_back(i);
            }
        }
        return found;
    }

  private:
    std::vector<std::vector<difference>> ahead_;
};

/// The level of each of these comparisons with the best (Bonferroni).
double part_of(double alpha, std::size_t contenders) {
    return alpha / static_cast<double>(std::max<std::size_t>(1, contenders - 1));
}

/// How many times as many generations would bring a half-width down to `to`.
double times_for(double half_width, double to) {
    if (to <= 0) {
        return unknown;
    }
    const double by = half_width / to;
    return by * by;
}

}  // namespace

std::optional<best_comparison> compare_with_best(std::span<const figures_by_round> contenders,
                                                 double alpha, double tie) {
    const std::size_t k = contenders.size();
    if (k < 2) {
        return std::nullopt;
    }
    const all_pairs ahead(contenders);
    // A step-down: among all others at first, then among those only that may still be the best.
    std::vector<std::size_t> everybody(k);
    std::iota(everybody.begin(), everybody.end(), std::size_t{0});
    const std::vector<std::size_t> left = ahead.unbeaten(everybody, part_of(alpha, k));
    // With intervals that do not hold, each may be worse than another.
    if (left.empty()) {
        return std::nullopt;
    }
    const double each_alpha = part_of(alpha, left.size());

    best_comparison result;
    result.candidates = ahead.unbeaten(left, each_alpha);
    if (result.candidates.empty()) {
        return std::nullopt;
    }
    const auto beaten_by = [&](std::size_t i) {
        return std::ranges::count_if(
            result.candidates, [&](std::size_t j) { return j != i && ahead[i][j].mean_part < 0; });
    };
    std::ranges::stable_sort(result.candidates, {}, beaten_by);
    const std::size_t first = result.candidates.front();

    result.regret.assign(k, 0);
    result.behind.assign(k, {});
    result.estimates.assign(k, 0);
    for (std::size_t i = 0; i < k; ++i) {
        double most = 0, regret = 0, least = unknown, estimate = 0;
        bool is_candidate = false;
        for (const std::size_t j : result.candidates) {
            if (j == i) {
                is_candidate = true;
                continue;
            }
            const interval within = ahead[j][i].within(each_alpha);
            most = std::max(most, within.hi);
            least = std::min(least, within.lo);
            regret = std::max(regret, ahead[j][i].at_most(each_alpha));
            estimate = std::max(estimate, ahead[j][i].estimate());
        }
        result.regret[i] = regret;
        result.estimates[i] = estimate;
        result.behind[i] = {is_candidate || least == unknown ? 0 : std::max(0.0, least), most};
    }

    std::size_t next = first == 0 ? 1 : 0;
    for (std::size_t j = 0; j < k; ++j) {
        if (j != first && ahead[first][j].mean_part < ahead[first][next].mean_part) {
            next = j;
        }
    }
    const difference& lead = ahead[first][next];
    result.next = next;
    result.generations = lead.generations;
    result.rounds = lead.rounds;
    if (lead.generations < fewest_generations) {
        return std::nullopt;
    }
    const double width = std::log1p(tie);
    if (std::ranges::all_of(result.candidates,
                            [&](std::size_t i) { return result.regret[i] <= width; })) {
        result.tied = result.candidates;
        for (std::size_t i = 0; i < k; ++i) {
            if (std::ranges::find(result.candidates, i) == result.candidates.end() &&
                result.behind[i].hi <= width) {
                result.tied.push_back(i);
            }
        }
        if (result.tied.size() == 1) {
            result.tied.clear();
        }
    }
    if (result.candidates.size() == 1) {
        const interval within = lead.within(each_alpha);
        result.lead = {std::max(0.0, within.lo), within.hi};
        result.lead_estimate = lead.estimate();
        return result;
    }
    if (!result.tied.empty()) {
        return result;
    }
    // Every candidate beside the first must either fall behind or be shown to tie.
    const double within = part_saved(width);
    double times = 0;
    for (const std::size_t j : result.candidates) {
        if (j == first) {
            continue;
        }
        const difference& of = ahead[first][j];
        const double reach = of.reach(each_alpha), apart = std::abs(of.mean_part);
        times =
            std::max(times, std::min(times_for(reach, apart), times_for(reach, within - apart)));
    }
    if (std::isfinite(times) && times > 1) {
        result.times_as_many = times;
    }
    return result;
}

}  // namespace stratbench
