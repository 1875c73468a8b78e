#include "harness/judge/comparison/verdicts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "harness/base/counted.hpp"

namespace stratbench {

namespace {

/// Below so many trials of each, nobody tells two sessions apart.
constexpr int fewest_unpaired_trials = 5;
constexpr double confirmed_below = 0.05;

/// A part that would be written as 0.0 % has no direction.
constexpr double shown_as_nothing = 0.0005;

std::string percent(double part) {
    constexpr double most = 1e4;
    return part < most ? fmt::format("{:.1f} %", 100 * part) : "more than 1000000 %";
}

/// Whether all of the interval lies nearer to no change than `limit`.
bool shown_equal(const effect_test& worse, const family& among) {
    const double limit = std::log1p(among.options.min_effect);
    // Sessions differ by nobody knows how much, so nothing below that is ever shown.
    if (!among.paired && among.options.min_unpaired_effect > among.options.min_effect) {
        return false;
    }
    return worse.change.ci95.lo > -limit && worse.change.ci95.hi < limit;
}

/// Whether the new build is worse by what matters, and not by chance.
bool shown_worse(const effect_test& worse, double p_adjusted, const family& among) {
    // Sessions differ by more than their trials tell: there the interval as well has to leave out
    // what does not matter.
    const double beyond = among.paired ? 0 : std::log1p(among.options.min_effect);
    return static_cast<int>(worse.trials) >= among.trials_needed() &&
           p_adjusted < among.options.alpha &&
           worse.change.value >= std::log1p(among.min_effect()) && worse.change.ci95.lo > beyond;
}

std::string why_inconclusive(const effect_test& worse, double p_adjusted, const family& among) {
    const int needed = among.trials_needed();
    const char* rounds = among.paired ? "generation" : "trial";
    if (worse.trials < 2) {
        return fmt::format("{} cannot decide anything: use {}", counted(worse.trials, rounds),
                           needed);
    }
    if (static_cast<int>(worse.trials) < needed) {
        return fmt::format("{} cannot decide {} at {}: use {}", counted(worse.trials, rounds),
                           counted(among.comparisons, "comparison"), among.options.alpha, needed);
    }
    const double size = std::expm1(std::abs(worse.change.value));
    if (size < shown_as_nothing) {
        return "no change is seen, but the interval holds more";
    }
    const char* direction = worse.change.value > 0 ? "worse" : "better";
    if (p_adjusted >= among.options.alpha) {
        return fmt::format("{} by {}, which may be chance (p {:.2g} among {})", direction,
                           percent(size), p_adjusted, counted(among.comparisons, "comparison"));
    }
    if (size >= among.min_effect()) {
        return fmt::format(
            "{} by {}, but the interval holds {} too", direction, percent(size),
            among.paired ? "no change" : "changes below " + percent(among.options.min_effect));
    }
    if (!among.paired) {
        return fmt::format(
            "{} by {}: less than {} is not told apart from what else differs "
            "between two sessions",
            direction, percent(size), percent(among.min_effect()));
    }
    return fmt::format("{} by {}: not shown to be more than {}, nor less", direction, percent(size),
                       percent(among.min_effect()));
}

confirmation confirm(metric what, const effect_test& worse, const family& among) {
    confirmation result;
    result.rounds = static_cast<int>(worse.trials);
    result.ratio = times_worse(what, std::exp(worse.change.value));
    result.p = worse.by_chance.more;
    result.holds = result.p < confirmed_below &&
                   worse.change.value >= std::log1p(among.options.min_effect / 2);
    return result;
}

/// A change is only seen where it also looks as great as it must be, four times in five.
double detectable(const resolution& resolves, const family& among) {
    constexpr double four_in_five = 0.8416;
    return std::expm1(
        std::max(detectable_shift(resolves, among.p_needed()),
                 std::log1p(among.min_effect()) + four_in_five * resolves.of_estimate()));
}

std::optional<int> more_rounds(const effect_test& worse, const family& among) {
    const int trials = static_cast<int>(worse.trials);
    int enough = among.trials_needed();
    if (worse.resolves) {
        enough = std::max(enough, trials_to_detect(std::log1p(among.min_effect()), *worse.resolves,
                                                   among.p_needed()));
    }
    if (enough <= trials) {
        return std::nullopt;
    }
    return enough - trials;
}

}  // namespace

double family::min_effect() const {
    return paired ? options.min_effect : std::max(options.min_effect, options.min_unpaired_effect);
}

int family::trials_needed() const {
    if (paired) {
        return rounds_that_can_decide(comparisons, options.alpha);
    }
    // The smallest p of n + n ranks is one over the ways to choose n of them.
    double ways = 2;
    int n = 1;
    while (ways < comparisons / options.alpha && n < 100) {
        ++n;
        ways *= (4 * static_cast<double>(n) - 2) / n;
    }
    return std::max(n, fewest_unpaired_trials);
}

double family::p_needed() const {
    return options.alpha / std::max(1, comparisons);
}

void judge(compared_metric& figure, const effect_test& worse, double p_worse, double p_better,
           const std::optional<effect_test>& confirming, const family& among) {
    figure.unconfirmed = !among.paired;
    if (worse.resolves && static_cast<int>(worse.trials) >= among.trials_needed()) {
        figure.detectable = detectable(*worse.resolves, among);
    }
    if (shown_worse(worse, p_worse, among)) {
        figure.result = verdict::regressed;
        if (confirming) {
            figure.confirmed = confirm(figure.figure, *confirming, among);
            if (figure.confirmed->holds) {
                return;
            }
            figure.result = verdict::inconclusive;
            figure.reason = fmt::format("not confirmed: worse by {}, but {} by {} (p {:.2g}) in {}",
                                        percent(std::expm1(worse.change.value)),
                                        confirming->change.value > 0 ? "worse" : "better",
                                        percent(std::expm1(std::abs(confirming->change.value))),
                                        confirming->by_chance.more,
                                        counted(confirming->trials, "fresh generation"));
        }
    } else if (shown_worse(worse.reversed(), p_better, among)) {
        figure.result = verdict::improved;
    } else if (worse.trials >= 2 && shown_equal(worse, among)) {
        figure.result = verdict::same;
    } else {
        figure.result = verdict::inconclusive;
        const double p_adjusted = worse.change.value > 0 ? p_worse : p_better;
        figure.reason = why_inconclusive(worse, p_adjusted, among);
        figure.more_rounds = more_rounds(worse, among);
    }
}

}  // namespace stratbench
