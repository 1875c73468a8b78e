#include "harness/judge/comparison/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <span>

#include "harness/judge/comparison/control.hpp"
#include "harness/judge/comparison/shared_rounds.hpp"
#include "harness/judge/comparison/verdicts.hpp"
#include "harness/stats/holm.hpp"
#include "harness/stats/median.hpp"

namespace stratbench {

namespace {

/// A figure whose verdict waits until all are counted.
struct pending_verdict {
    compared_metric* figure = nullptr;
    effect_test worse;
    std::optional<effect_test> confirming;
};

std::vector<double> figures_of(const measured_cell& cell, metric what) {
    std::vector<double> figures;
    for (const measured_trial& trial : cell.trials) {
        if (is_figure(trial.figure(what))) {
            figures.push_back(trial.figure(what));
        }
    }
    return figures;
}

std::vector<double> logarithms(std::span<const double> values) {
    std::vector<double> logs;
    logs.reserve(values.size());
    for (const double value : values) {
        logs.push_back(std::log(value));
    }
    return logs;
}

/// Precondition: neither is empty.
bool near_enough(std::span<const double> base_logs, std::span<const double> new_logs) {
    const auto base = std::ranges::minmax(base_logs), now = std::ranges::minmax(new_logs);
    return within_greatest_ratio(std::max(base.max, now.max) - std::min(base.min, now.min));
}

std::string too_far_apart(metric what) {
    return fmt::format("{}: two trials are more than {:.0e} times apart", about(what).name,
                       greatest_ratio);
}

/// Compares one cell's figures, as far as that goes without the other cells.
class cell_comparison {
  public:
    cell_comparison(const measured_cell& of_base, const measured_cell& of_candidate,
                    bool interleaved, std::optional<int> confirmed_from)
        : base_(of_base),
          now_(of_candidate),
          paired_(interleaved),
          confirmation_from_(confirmed_from) {
        if (paired_) {
            rounds_ = shared_rounds(base_, now_);
        }
    }

    /// Absent where either side has no such figure, or trials are too far apart: then `obstacle`
    /// says so.
    std::optional<compared_metric> compare(metric what, pending_verdict& verdict,
                                           std::string& obstacle) const {
        compared_metric figure;
        figure.figure = what;
        if (!(paired_ ? compare_pairs(figure, verdict, obstacle)
                      : compare_samples(figure, verdict, obstacle))) {
            return std::nullopt;
        }
        if (about(what).more_is_better) {
            verdict.worse = verdict.worse.reversed();
            if (verdict.confirming) {
                verdict.confirming = verdict.confirming->reversed();
            }
        }
        return figure;
    }

  private:
    bool compare_pairs(compared_metric& figure, pending_verdict& verdict,
                       std::string& obstacle) const {
        std::vector<double> first, fresh, of_base, of_candidate;
        for (const shared_round& both : rounds_) {
            const std::optional<double> difference = difference_of(both, figure.figure);
            if (!difference) {
                continue;
            }
            if (!within_greatest_ratio(*difference)) {
                obstacle = too_far_apart(figure.figure);
                return false;
            }
            const int round = both.base->round;
            figure.pairs.push_back({round, std::exp(*difference)});
            if (confirmation_from_ && round >= *confirmation_from_) {
                fresh.push_back(*difference);
                continue;
            }
            first.push_back(*difference);
            of_base.push_back(both.base->figure(figure.figure));
            of_candidate.push_back(both.candidate->figure(figure.figure));
        }
        if (first.empty()) {
            return false;
        }
        figure.base_trials = figure.new_trials = first.size();
        figure.base_value = median(of_base);
        figure.new_value = median(of_candidate);
        verdict.worse = test_pairs(first);
        if (!fresh.empty()) {
            verdict.confirming = test_pairs(fresh);
        }
        return true;
    }

    bool compare_samples(compared_metric& figure, pending_verdict& verdict,
                         std::string& obstacle) const {
        const std::vector<double> of_base = figures_of(base_, figure.figure),
                                  of_candidate = figures_of(now_, figure.figure);
        if (of_base.empty() || of_candidate.empty()) {
            return false;
        }
        const std::vector<double> base_logs = logarithms(of_base),
                                  new_logs = logarithms(of_candidate);
        if (!near_enough(base_logs, new_logs)) {
            obstacle = too_far_apart(figure.figure);
            return false;
        }
        figure.base_trials = of_base.size();
        figure.new_trials = of_candidate.size();
        figure.base_value = median(of_base);
        figure.new_value = median(of_candidate);
        verdict.worse = test_samples(base_logs, new_logs);
        return true;
    }

    const measured_cell& base_;
    const measured_cell& now_;
    bool paired_;
    std::optional<int> confirmation_from_;
    std::vector<shared_round> rounds_;
};

void show(const effect_test& worse, compared_metric& figure) {
    const effect_test seen = about(figure.figure).more_is_better ? worse.reversed() : worse;
    figure.ratio = std::exp(seen.change.value);
    figure.ci95 = {std::exp(seen.change.ci95.lo), std::exp(seen.change.ci95.hi)};
    if (seen.trials >= 2) {
        figure.p = seen.p();
    }
}

/// Says of each what it is among all of them, which share one alpha.
void judge_together(std::vector<pending_verdict>& all, const comparison_options& options,
                    bool paired) {
    const family among{options, static_cast<int>(all.size()), paired};
    if (!paired) {
        std::vector<effect_test*> tests;
        for (pending_verdict& one : all) {
            tests.push_back(&one.worse);
        }
        allow_for_memory(tests);
    }
    std::vector<double> p_worse, p_better;
    for (const pending_verdict& one : all) {
        p_worse.push_back(one.worse.by_chance.more);
        p_better.push_back(one.worse.by_chance.less);
    }
    p_worse = holm(p_worse);
    p_better = holm(p_better);
    for (std::size_t i = 0; i < all.size(); ++i) {
        compared_metric& figure = *all[i].figure;
        show(all[i].worse, figure);
        judge(figure, all[i].worse, p_worse[i], p_better[i], all[i].confirming, among);
        if (!figure.gated || !figure.p) {
            continue;
        }
        const double worse = all[i].worse.change.value;
        figure.p_adjusted = worse == 0  ? std::max(p_worse[i], p_better[i])
                            : worse > 0 ? p_worse[i]
                                        : p_better[i];
    }
}

compared_side side_of(const measurement& side) {
    compared_side described{side.file, side.info.id, side.info.started_utc, side.git_revision, 0};
    for (const measured_cell& cell : side.cells) {
        described.rounds = std::max(described.rounds, static_cast<int>(cell.trials.size()));
    }
    return described;
}

std::map<std::string_view, const measured_cell*> cells_of(const measurement& side) {
    std::map<std::string_view, const measured_cell*> cells;
    for (const measured_cell& cell : side.cells) {
        cells.emplace(cell.name, &cell);
    }
    return cells;
}

bool has_figures(const measured_cell& cell) {
    return cell.no_figures.empty() && !cell.trials.empty();
}

/// Why two cells cannot be compared; empty where they can.
std::string obstacle(const measured_cell& base, const measured_cell& candidate) {
    const auto none = [](const measured_cell& cell) {
        return cell.no_figures.empty() ? std::string("no trial has a figure") : cell.no_figures;
    };
    if (!has_figures(base) && !has_figures(candidate)) {
        return "in both: " + none(candidate);
    }
    if (!has_figures(base)) {
        return "in the base: " + none(base);
    }
    if (!has_figures(candidate)) {
        return "in the new one: " + none(candidate);
    }
    return {};
}

}  // namespace

bool comparison_options::gates(metric what, metric primary) const {
    if (fail_on.empty()) {
        return what == primary;
    }
    return std::find(fail_on.begin(), fail_on.end(), what) != fail_on.end();
}

std::vector<const compared_cell*> comparison::failed() const {
    std::vector<const compared_cell*> all;
    for (const compared_cell& cell : cells) {
        if (!cell.failure.empty() && !cell.ignored) {
            all.push_back(&cell);
        }
    }
    return all;
}

verdict comparison::overall() const {
    if (!failed().empty()) {
        return verdict::regressed;
    }
    bool improved = false, inconclusive = gated == 0;
    for (const compared_cell& cell : cells) {
        if (cell.lost && !cell.ignored) {
            inconclusive = true;
        }
        for (const compared_metric& figure : cell.metrics) {
            if (!figure.gated) {
                continue;
            }
            if (figure.result == verdict::regressed) {
                return verdict::regressed;
            }
            if (figure.result == verdict::inconclusive) {
                inconclusive = true;
            }
            if (figure.result == verdict::improved) {
                improved = true;
            }
        }
    }
    if (inconclusive) {
        return verdict::inconclusive;
    }
    return improved ? verdict::improved : verdict::same;
}

int rounds_that_can_decide(int comparisons, double alpha) {
    return 1 +
           std::max(0, static_cast<int>(std::ceil(std::log2(std::max(1, comparisons) / alpha))));
}

comparison compare(const measurement& base, const measurement& candidate,
                   const comparison_options& options, const std::vector<std::string>& ignore) {
    comparison result;
    result.options = options;
    result.base = side_of(base);
    result.candidate = side_of(candidate);
    result.paired = !base.info.id.empty() && base.info.id == candidate.info.id;
    if (result.paired) {
        result.confirmation_from_round = candidate.info.confirmation_from_round
                                             ? candidate.info.confirmation_from_round
                                             : base.info.confirmation_from_round;
    }

    const auto of_base = cells_of(base), of_candidate = cells_of(candidate);
    for (const measured_cell& cell : candidate.cells) {
        if (!of_base.contains(cell.name)) {
            result.only_candidate.push_back(cell.name);
        }
    }

    std::vector<pending_verdict> gated, shown;
    // Nothing moves while `gated` and `shown` point into it.
    result.cells.reserve(base.cells.size());
    for (const measured_cell& cell : base.cells) {
        const auto other = of_candidate.find(cell.name);
        if (other == of_candidate.end()) {
            result.only_base.push_back(cell.name);
            continue;
        }
        compared_cell& both = result.cells.emplace_back();
        both.name = cell.name;
        both.primary = cell.primary;
        both.is_control = !result.paired && cell.is_control;
        both.ignored = std::find(ignore.begin(), ignore.end(), cell.name) != ignore.end();
        both.failure = other->second->failure;
        both.not_compared = obstacle(cell, *other->second);
        if (!both.not_compared.empty()) {
            both.lost = has_figures(cell);
            continue;
        }
        const cell_comparison of_cell(cell, *other->second, result.paired,
                                      result.confirmation_from_round);
        both.metrics.reserve(metrics.size());
        for (const metric_info& about : metrics) {
            const bool gate = !both.ignored && options.gates(about.id, both.primary);
            pending_verdict verdict;
            std::string obstacle;
            std::optional<compared_metric> figure = of_cell.compare(about.id, verdict, obstacle);
            if (!figure) {
                if (gate && !figures_of(cell, about.id).empty()) {
                    both.lost = true;
                }
                if (both.not_compared.empty() || (gate && !obstacle.empty())) {
                    both.not_compared = obstacle;
                }
                continue;
            }
            figure->gated = gate;
            verdict.figure = &both.metrics.emplace_back(std::move(*figure));
            (gate ? gated : shown).push_back(verdict);
        }
        if (both.metrics.empty() && both.not_compared.empty()) {
            both.not_compared = "no round of both has a figure";
        }
    }
    result.gated = static_cast<int>(gated.size());
    result.rounds_needed =
        gated.empty() ? 0 : family{options, result.gated, result.paired}.trials_needed();
    judge_together(gated, options, result.paired);
    judge_together(shown, options, result.paired);
    if (!result.paired) {
        hold_against_control(base, candidate, result);
    }
    return result;
}

}  // namespace stratbench
