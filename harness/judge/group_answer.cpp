#include "harness/judge/group_answer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>

#include "harness/judge/standing.hpp"
#include "harness/judge/tie_break.hpp"
#include "harness/stats/best.hpp"

namespace stratbench {
namespace {

using entry = ranked_group::entry;
using cells = std::vector<const cell_result*>;

std::string listed(const std::vector<std::string>& names) {
    if (names.size() == 1) {
        return names.front();
    }
    return fmt::format("{} and {}", fmt::join(names.begin(), names.end() - 1, ", "), names.back());
}

std::string too_few(int generations) {
    return fmt::format("no answer: {} {} too few; use --rounds 20", generations,
                       generations == 1 ? "generation is" : "generations are");
}

/// The answer where a single strategy can win: it does if the others cannot keep up.
void answer_alone(ranked_group& group, const cell_result& only, const metric_info& by) {
    const bool beats_others =
        std::any_of(group.entries.begin(), group.entries.end(),
                    [&](const entry& e) { return standing_of(*e.cell, by) == standing::bound; });
    if (!beats_others) {
        group.verdict = "no answer: only one strategy to rank";
    } else if (only.summary.trials < fewest_generations) {
        group.verdict = too_few(only.summary.trials);
    } else {
        group.answer.state = answer_state::winner;
        group.answer.pick = only.planned.strategy;
        group.answer.candidates = {only.planned.strategy};
        group.answer.generations = only.summary.trials;
        group.verdict = fmt::format("{} wins: the only one that keeps up", only.planned.strategy);
    }
}

/// What the trials of these have taken so far, without what is between two slices.
double seconds_of(const cells& measured) {
    double sum_ns = 0;
    for (const cell_result* cell : measured) {
        for (const trial_record& trial : cell->trials) {
            sum_ns += static_cast<double>(trial.startup_ns) +
                      static_cast<double>(trial.rounds()) *
                          static_cast<double>(trial.elapsed_ns + cell->planned.lead_in_ns);
        }
    }
    return sum_ns * 1e-9;
}

std::string percent_behind(double part) {
    constexpr double two_digits = 0.0995;
    return part < two_digits ? fmt::format("{:.2g} %", 100 * part)
                             : fmt::format("{:.0f} %", 100 * part);
}

std::string sentence_of(const answer& result) {
    std::string others;
    for (const std::string& name : result.candidates) {
        if (name != result.pick) {
            others += (others.empty() ? "" : ", ") + name;
        }
    }
    std::string text;
    constexpr double worth_telling = 1;
    if (result.regret_bound <= worth_telling) {
        text = fmt::format("pick {}: at most {} behind the best", result.pick,
                           percent_behind(result.regret_bound));
    } else {
        text = fmt::format("pick {} for now: it is not known yet by how much it may be behind",
                           result.pick);
    }
    text += fmt::format(" ({} may be the best, too)", others);
    constexpr double patience_s = 3600;
    if (result.more_s && *result.more_s < patience_s) {
        text += fmt::format("; about {:.0f} s more would decide", std::ceil(*result.more_s));
    } else {
        text += "; more time would narrow that rather than decide";
    }
    return text;
}

/// Of ratios.
std::string bracket_of(const interval& log_ratios) {
    const double least = std::exp(log_ratios.lo);
    return std::isfinite(log_ratios.hi)
               ? fmt::format("[{:.2f}, {:.2f}]", least, std::exp(log_ratios.hi))
               : fmt::format("[{:.2f} or more]", least);
}

/// One strategy alone can be the best.
void answer_winner(ranked_group& group, const cells& contenders, const best_comparison& best,
                   const metric_info& by) {
    answer& result = group.answer;
    result.state = answer_state::winner;
    result.pick = contenders[best.candidates.front()]->planned.strategy;
    const std::string& next = contenders[best.next]->planned.strategy;
    group.verdict =
        fmt::format("{} wins: {} {}", result.pick,
                    by.more_is_better
                        ? fmt::format("{:.2f} x the next, {}", std::exp(*best.lead_estimate), next)
                        : fmt::format("{} {:.2f} x lower than the next, {}", by.title,
                                      std::exp(*best.lead_estimate), next),
                    bracket_of(*best.lead));
}

/// All that can be the best, and others with them, lie within the width of a tie.
void answer_tie(ranked_group& group, const cells& candidates, const best_comparison& best) {
    answer& result = group.answer;
    double width = 0;
    for (const std::size_t i : best.tied) {
        const bool may_be_best = std::ranges::find(best.candidates, i) != best.candidates.end();
        width = std::max(width, may_be_best ? best.regret[i] : best.behind[i].hi);
    }
    result.state = answer_state::tie;
    break_tie(result, candidates);
    std::vector<std::string> tied;
    for (const cell_result* cell : candidates) {
        tied.push_back(cell->planned.strategy);
    }
    group.verdict =
        fmt::format("{} tie within {}", listed(tied), percent_behind(std::expm1(width)));
    const auto behind = std::ranges::find_if(
        group.entries, [](const entry& e) { return e.behind && !e.may_be_best; });
    if (behind != group.entries.end()) {
        group.verdict += fmt::format("; the next, {}, is {:.2f} x behind",
                                     behind->cell->planned.strategy, *behind->best_is_better_by);
    }
    group.verdict += fmt::format("; pick {}", result.pick);
    if (!result.tie_broken_by.empty()) {
        group.verdict += fmt::format(": {}", result.tie_broken_by);
    }
}

/// The pick has the smallest regret; its verdict waits until the whole answer is filled in.
void answer_undecided(answer& result, const cells& contenders, const cells& candidates,
                      const best_comparison& best) {
    result.state = answer_state::undecided;
    std::size_t pick = best.candidates.front();
    for (const std::size_t i : best.candidates) {
        if (best.regret[i] < best.regret[pick]) {
            pick = i;
        }
    }
    result.pick = contenders[pick]->planned.strategy;
    if (best.times_as_many) {
        result.more_s = (*best.times_as_many - 1) * seconds_of(candidates);
    }
}

/// Says of each entry how far it is behind, and puts the contenders into that order.
void order_by_distance(ranked_group& group, const cells& contenders, const best_comparison& best) {
    for (entry& e : group.entries) {
        const auto at = std::ranges::find(contenders, e.cell);
        if (at == contenders.end()) {
            continue;
        }
        const auto i = static_cast<std::size_t>(at - contenders.begin());
        const auto& as_good = best.tied.empty() ? best.candidates : best.tied;
        e.may_be_best = std::ranges::find(as_good, i) != as_good.end();
        e.best_is_better_by = std::exp(best.estimates[i]);
        e.behind = interval{std::exp(best.behind[i].lo), std::exp(best.behind[i].hi)};
    }
    std::stable_sort(group.entries.begin(), group.entries.end(),
                     [](const entry& a, const entry& b) {
                         if (!a.behind || !b.behind) {
                             return a.behind && !b.behind;
                         }
                         return *a.best_is_better_by < *b.best_is_better_by;
                     });
}

/// Precondition: at least two contenders.
void answer_comparison(ranked_group& group, const cells& contenders, const metric_info& by,
                       double alpha, double tie) {
    std::vector<figures_by_round> figures;
    for (const cell_result* cell : contenders) {
        figures.push_back(log_figures_of(*cell, by));
    }
    const auto best = compare_with_best(figures, alpha, tie);
    if (!best) {
        group.verdict = too_few(contenders.front()->summary.trials);
        for (entry& e : group.entries) {
            e.may_be_best = std::ranges::find(contenders, e.cell) != contenders.end();
        }
        return;
    }
    order_by_distance(group, contenders, *best);

    answer& result = group.answer;
    result.generations = best->generations;
    result.rounds = best->rounds;
    result.seconds = seconds_of(contenders);
    cells candidates;
    for (const std::size_t i : best->tied.empty() ? best->candidates : best->tied) {
        candidates.push_back(contenders[i]);
    }
    if (!best->tied.empty()) {
        answer_tie(group, candidates, *best);
    } else if (candidates.size() == 1) {
        answer_winner(group, contenders, *best, by);
    } else {
        answer_undecided(result, contenders, candidates, *best);
    }
    for (std::size_t i = 0; i < contenders.size(); ++i) {
        if (contenders[i]->planned.strategy == result.pick) {
            result.regret_bound = std::expm1(best->regret[i]);
        }
    }
    result.candidates = {result.pick};
    for (const cell_result* cell : candidates) {
        if (cell->planned.strategy != result.pick) {
            result.candidates.push_back(cell->planned.strategy);
        }
    }
    if (result.state == answer_state::undecided) {
        group.verdict = sentence_of(result);
    }
}

}  // namespace

void answer_group(ranked_group& group, const std::vector<const cell_result*>& contenders,
                  const metric_info& by, double alpha, double tie) {
    if (contenders.empty()) {
        group.verdict = "no answer: no strategy can win";
    } else if (contenders.size() == 1) {
        answer_alone(group, *contenders.front(), by);
    } else {
        answer_comparison(group, contenders, by, alpha, tie);
    }
}

}  // namespace stratbench
