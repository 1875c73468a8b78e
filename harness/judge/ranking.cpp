#include "harness/judge/ranking.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "harness/base/spec.hpp"
#include "harness/judge/sanity.hpp"
#include "harness/model/labels.hpp"
#include "harness/stats/best.hpp"
#include "strategies/contract/strategy.hpp"
#include "strategies/registry.hpp"

namespace stratbench {

namespace {

using entry = ranked_group::entry;
using cells = std::vector<const cell_result*>;

using percentiles = cell_summary::percentiles;

/// What orders a group: throughput, or a percentile of the latency.
struct criterion {
    const char* name;
    percentile percentiles::*in_summary = nullptr;
    double distribution::*in_trial = nullptr;
    /// Where a slice has enough tasks for it.
    std::optional<double> slice_record::*in_slice = nullptr;

    [[nodiscard]] bool higher_is_better() const { return in_summary == nullptr; }
    [[nodiscard]] bool has_slices() const { return in_trial == nullptr || in_slice != nullptr; }

    [[nodiscard]] std::optional<estimate> of(const cell_result& cell) const {
        if (in_summary == nullptr) {
            return cell.summary.throughput_per_s;
        }
        if (!cell.summary.latency_ns) {
            return std::nullopt;
        }
        const percentile& p = (*cell.summary.latency_ns).*in_summary;
        if (!p.value) {
            return std::nullopt;
        }
        return estimate{*p.value, p.ci95};
    }

    /// Precondition: has_slices().
    [[nodiscard]] std::optional<double> of(const slice_record& slice) const {
        if (in_slice == nullptr) {
            return slice.throughput_per_s;
        }
        return slice.*in_slice;
    }

    [[nodiscard]] std::optional<double> of(const trial_record& trial) const {
        if (in_trial == nullptr) {
            return trial.throughput_per_s;
        }
        if (!trial.latency) {
            return std::nullopt;
        }
        return (*trial.latency).*in_trial;
    }
};

constexpr criterion throughput{"throughput"};
constexpr criterion p50{"p50 latency", &percentiles::p50, &distribution::p50,
                        &slice_record::p50_ns};
constexpr criterion p99{"p99 latency", &percentiles::p99, &distribution::p99};

/// Whether the figure of a latency is a bound: nobody knows how slow the cell really is.
bool bounded(const cell_result& cell, const criterion& by) {
    if (by.in_summary == nullptr || !cell.summary.latency_ns) {
        return false;
    }
    return has_label(cell.labels, label::saturated) ||
           ((*cell.summary.latency_ns).*by.in_summary).censored;
}

/// The order in which a report lists them; only the first kind can win.
enum class standing : std::uint8_t { contender, withheld, bound, reference, no_figure };

standing standing_of(const cell_result& cell, const criterion& by) {
    if (cell.state != status::ok || !by.of(cell)) {
        return standing::no_figure;
    }
    if (cell.planned.reference) {
        return standing::reference;
    }
    if (faster_than_possible(cell.planned, cell.summary)) {
        return standing::withheld;
    }
    return bounded(cell, by) ? standing::bound : standing::contender;
}

/// Slice by slice where each has the figure, otherwise trial by trial.
figures_by_round figures_of(const cell_result& cell, const criterion& by) {
    figures_by_round figures;
    const auto add = [&](int generation, int round, std::optional<double> value) {
        if (value && *value > 0) {
            figures[generation][round] = (by.higher_is_better() ? 1 : -1) * std::log(*value);
        }
    };
    for (const trial_record& trial : cell.trials) {
        if (trial.state != status::ok) {
            continue;
        }
        if (trial.slices.empty() || !by.has_slices()) {
            add(trial.round, 0, by.of(trial));
            continue;
        }
        for (const slice_record& slice : trial.slices) {
            add(trial.round, slice.round, by.of(slice));
        }
    }
    return figures;
}

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
void judge_alone(ranked_group& group, const cell_result& only, const criterion& by) {
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

/// Whether two figures differ by more than a tenth, and so by enough to choose by.
bool clearly_less(double a, double b) {
    return a < b / 1.1;
}

/// What speaks for `a` where it ties with `b`; empty where it does not. Fewer busy cores, then less
/// memory, then isolation of crashes, then the simpler one, which the list of strategies has first.
std::string better_otherwise(const cell_result& a, const cell_result& b) {
    const auto cores = [](const cell_result& c) {
        return c.summary.mean_busy_cores ? c.summary.mean_busy_cores->value : 0;
    };
    if (clearly_less(cores(a), cores(b))) {
        return fmt::format("{:.2f} instead of {:.2f} busy cores", cores(a), cores(b));
    }
    if (clearly_less(cores(b), cores(a))) {
        return {};
    }
    const auto memory = [](const cell_result& c) {
        return static_cast<double>(c.summary.peak_memory_bytes);
    };
    constexpr double worth_a_word = 1 << 20;
    if (memory(b) - memory(a) > worth_a_word && clearly_less(memory(a), memory(b))) {
        return "less memory";
    }
    if (memory(a) - memory(b) > worth_a_word && clearly_less(memory(b), memory(a))) {
        return {};
    }
    const auto position = [](const cell_result& c) {
        const std::string name = parse_spec(c.planned.strategy, "strategy").name;
        const auto all = strategies();
        return std::ranges::find(all, name, &strategy_info::name) - all.begin();
    };
    const auto isolates = [&](const cell_result& c) {
        const auto at = static_cast<std::size_t>(position(c));
        return at < strategies().size() && strategies()[at]->properties.isolates_crashes;
    };
    if (isolates(a) != isolates(b)) {
        return isolates(a) ? "a crash stays in its worker" : "";
    }
    return position(a) < position(b) ? "the simpler one" : "";
}

/// The pick among those that tie, and what speaks for it.
void break_tie(answer& given, const std::vector<const cell_result*>& tied) {
    const cell_result* pick = tied.front();
    for (const cell_result* other : tied) {
        const std::string reason = better_otherwise(*other, *pick);
        if (other != pick && !reason.empty()) {
            pick = other;
        }
    }
    given.pick = pick->planned.strategy;
    for (const cell_result* other : tied) {
        if (other != pick && given.tie_broken_by.empty()) {
            given.tie_broken_by = better_otherwise(*pick, *other);
        }
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
    return fmt::format("{:.2g} %", 100 * part);
}

std::string sentence_of(const answer& given) {
    std::string others;
    for (const std::string& name : given.candidates) {
        if (name != given.pick) {
            others += (others.empty() ? "" : ", ") + name;
        }
    }
    std::string text;
    constexpr double worth_telling = 1;
    if (given.regret_bound <= worth_telling) {
        text = fmt::format("pick {}: at most {} behind the best", given.pick,
                           percent_behind(given.regret_bound));
    } else {
        text = fmt::format("pick {} for now: it is not known yet by how much it may be behind",
                           given.pick);
    }
    text += fmt::format(" ({} may be the best, too)", others);
    constexpr double patience_s = 3600;
    if (given.more_s && *given.more_s < patience_s) {
        text += fmt::format("; about {:.0f} s more would decide", std::ceil(*given.more_s));
    } else {
        text += "; more time would narrow that rather than decide";
    }
    return text;
}

/// Fills in the answer from at least two contenders, and puts the entries of these into its order.
void judge(ranked_group& group, const cells& contenders, const criterion& by, double alpha,
           double tie) {
    std::vector<figures_by_round> figures;
    for (const cell_result* cell : contenders) {
        figures.push_back(figures_of(*cell, by));
    }
    const auto found = compare_with_best(figures, alpha, tie);
    if (!found) {
        group.verdict = too_few(contenders.front()->summary.trials);
        for (entry& e : group.entries) {
            e.may_be_best = std::ranges::find(contenders, e.cell) != contenders.end();
        }
        return;
    }
    const auto name_of = [&](std::size_t i) { return contenders[i]->planned.strategy; };
    for (entry& e : group.entries) {
        const auto at = std::ranges::find(contenders, e.cell);
        if (at == contenders.end()) {
            continue;
        }
        const auto i = static_cast<std::size_t>(at - contenders.begin());
        e.may_be_best = std::ranges::find(found->candidates, i) != found->candidates.end();
        e.best_is_better_by = std::exp(found->estimates[i]);
        e.behind = interval{std::exp(found->behind[i].lo), std::exp(found->behind[i].hi)};
    }
    std::stable_sort(group.entries.begin(), group.entries.end(),
                     [](const entry& a, const entry& b) {
                         if (!a.behind || !b.behind) {
                             return a.behind && !b.behind;
                         }
                         return *a.best_is_better_by < *b.best_is_better_by;
                     });

    answer& given = group.answer;
    given.generations = found->generations;
    given.rounds = found->rounds;
    given.seconds = seconds_of(contenders);
    std::vector<const cell_result*> candidates;
    double worst = 0;
    for (const std::size_t i : found->candidates) {
        candidates.push_back(contenders[i]);
        worst = std::max(worst, found->regret[i]);
    }
    const std::size_t first = found->candidates.front();
    if (candidates.size() == 1) {
        given.state = answer_state::winner;
        given.pick = name_of(first);
        const std::string& next = name_of(found->next);
        group.verdict = fmt::format(
            "{} wins: {} [{:.2f}, {:.2f}]", given.pick,
            by.higher_is_better()
                ? fmt::format("{:.2f} x the next, {}", std::exp(*found->lead_estimate), next)
                : fmt::format("{} {:.2f} x lower than the next, {}", by.name,
                              std::exp(*found->lead_estimate), next),
            std::exp(found->lead->lo), std::exp(found->lead->hi));
    } else if (worst <= std::log1p(tie)) {
        given.state = answer_state::tie;
        break_tie(given, candidates);
        std::vector<std::string> tied;
        for (const cell_result* cell : candidates) {
            tied.push_back(cell->planned.strategy);
        }
        group.verdict =
            fmt::format("{} tie within {}", listed(tied), percent_behind(std::expm1(worst)));
        const auto behind = std::ranges::find_if(
            group.entries, [](const entry& e) { return e.behind && !e.may_be_best; });
        if (behind != group.entries.end()) {
            group.verdict +=
                fmt::format("; the next, {}, is {:.2f} x behind", behind->cell->planned.strategy,
                            *behind->best_is_better_by);
        }
        group.verdict += fmt::format("; pick {}", given.pick);
        if (!given.tie_broken_by.empty()) {
            group.verdict += fmt::format(": {}", given.tie_broken_by);
        }
    } else {
        given.state = answer_state::undecided;
        std::size_t pick = first;
        for (const std::size_t i : found->candidates) {
            if (found->regret[i] < found->regret[pick]) {
                pick = i;
            }
        }
        given.pick = name_of(pick);
        if (found->times_as_many) {
            given.more_s = (*found->times_as_many - 1) * seconds_of(candidates);
        }
    }
    for (std::size_t i = 0; i < contenders.size(); ++i) {
        if (name_of(i) == given.pick) {
            given.regret_bound = std::expm1(found->regret[i]);
        }
    }
    given.candidates = {given.pick};
    for (const cell_result* cell : candidates) {
        if (cell->planned.strategy != given.pick) {
            given.candidates.push_back(cell->planned.strategy);
        }
    }
    if (given.state == answer_state::undecided) {
        group.verdict = sentence_of(given);
    }
}

ranked_group rank_by(const criterion& by, std::string name, const cells& members, double alpha,
                     double tie) {
    ranked_group group;
    group.group = std::move(name);
    group.metric = by.name;
    const auto before = [&](const cell_result* a, const cell_result* b) {
        const auto of_a = standing_of(*a, by), of_b = standing_of(*b, by);
        if (of_a != of_b) {
            return of_a < of_b;
        }
        if (of_a == standing::no_figure) {
            return false;
        }
        const double x = by.of(*a)->value, y = by.of(*b)->value;
        return by.higher_is_better() ? x > y : x < y;
    };
    cells sorted = members;
    std::stable_sort(sorted.begin(), sorted.end(), before);

    cells contenders;
    std::vector<std::string> withheld;
    for (const cell_result* cell : sorted) {
        entry& added = group.entries.emplace_back();
        added.cell = cell;
        added.value = by.of(*cell);
        const auto at = standing_of(*cell, by);
        if (at == standing::contender) {
            contenders.push_back(cell);
        }
        if (at == standing::withheld) {
            withheld.push_back(cell->planned.strategy);
        }
    }
    if (!contenders.empty()) {
        const double best = group.entries.front().value->value;
        for (entry& e : group.entries) {
            if (e.value && e.value->value > 0 && best > 0) {
                e.best_is_better_by =
                    by.higher_is_better() ? best / e.value->value : e.value->value / best;
            }
        }
    }
    if (members.front()->planned.load.text.find("%own") != std::string::npos) {
        group.verdict = "no answer: each strategy has a rate of its own";
    } else if (contenders.empty()) {
        group.verdict = "no answer: no strategy can win";
    } else if (contenders.size() == 1) {
        judge_alone(group, *contenders.front(), by);
    } else {
        judge(group, contenders, by, alpha, tie);
    }
    if (!withheld.empty()) {
        group.verdict +=
            fmt::format("; withheld, faster than the CPUs allow: {}", fmt::join(withheld, ", "));
    }
    return group;
}

}  // namespace

std::vector<ranked_group> rank(const study_results& results, double alpha) {
    std::vector<std::pair<std::string, cells>> groups;
    for (const cell_result& cell : results.cells) {
        const std::string name = cell.planned.group();
        auto found = std::find_if(groups.begin(), groups.end(),
                                  [&](const auto& group) { return group.first == name; });
        if (found == groups.end()) {
            found = groups.insert(found, {name, {}});
        }
        found->second.push_back(&cell);
    }
    std::vector<ranked_group> ranked;
    const double tie = results.plan.tie;
    for (const auto& [name, members] : groups) {
        if (!members.front()->planned.load.ranked_by_latency()) {
            ranked.push_back(rank_by(throughput, name, members, alpha, tie));
            continue;
        }
        ranked.push_back(rank_by(p50, name, members, alpha, tie));
        const bool has_p99 = std::ranges::any_of(members, [](const cell_result* cell) {
            return standing_of(*cell, p99) == standing::contender;
        });
        if (!has_p99) {
            continue;
        }
        ranked.push_back(rank_by(p99, name, members, alpha, tie));
        ranked.back().is_primary = false;
    }
    return ranked;
}

overall_answer answer_of(const std::vector<ranked_group>& groups) {
    overall_answer all;
    /// Over all groups, of one strategy.
    struct record {
        int compared = 0, may_be_best = 0;
        /// Times behind, where it does worst: at most, and as estimated.
        double worst = 1, estimate = 1;
    };
    std::map<std::string, record> records;
    int asked = 0;
    for (const ranked_group& group : groups) {
        if (!group.is_primary || group.answer.state == answer_state::none) {
            continue;
        }
        ++asked;
        for (const entry& e : group.entries) {
            if (!e.behind) {
                continue;
            }
            record& of = records[e.cell->planned.strategy];
            ++of.compared;
            if (e.may_be_best) {
                ++of.may_be_best;
            }
            of.worst = std::max(of.worst, e.behind->hi);
            of.estimate = std::max(of.estimate, *e.best_is_better_by);
        }
    }
    if (asked < 2) {
        return all;
    }
    const record* pick = nullptr;
    for (const auto& [name, of] : records) {
        if (of.compared != asked || (pick != nullptr && of.estimate >= pick->estimate)) {
            continue;
        }
        pick = &of;
        all.pick = name;
    }
    if (pick == nullptr) {
        all.headline = "no strategy could be compared in every group: choose for each of them";
        return all;
    }
    all.worst_behind = pick->worst;
    all.headline = fmt::format("one for all {} groups: {}: it may be the best in {} of them", asked,
                               all.pick, pick->may_be_best);
    if (pick->may_be_best != asked || pick->estimate >= 1.005) {
        all.headline += fmt::format(", and is {:.2f} x behind where it does worst", pick->estimate);
    }
    return all;
}

}  // namespace stratbench
