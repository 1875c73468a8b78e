#include "harness/stats/ranking.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>
#include <map>

#include "harness/results/labels.hpp"
#include "harness/stats/paired.hpp"
#include "harness/stats/sanity.hpp"

namespace stratbench {

namespace {

using entry = ranked_group::entry;
using stats::paired_ratio;
using cells = std::vector<const cell_result*>;

using percentiles = cell_summary::percentiles;

/// What orders a group: throughput, or a percentile of the latency.
struct criterion {
    const char* name;
    percentile percentiles::*in_summary = nullptr;
    double distribution::*in_trial = nullptr;

    [[nodiscard]] bool higher_is_better() const { return in_summary == nullptr; }

    [[nodiscard]] std::optional<estimate> of(const cell_result& cell) const {
        if (in_summary == nullptr) return cell.summary.throughput_per_s;
        if (!cell.summary.latency_ns) return std::nullopt;
        const percentile& p = (*cell.summary.latency_ns).*in_summary;
        if (!p.value) return std::nullopt;
        return estimate{*p.value, p.ci95};
    }

    [[nodiscard]] std::optional<double> of(const trial_record& trial) const {
        if (in_trial == nullptr) return trial.throughput_per_s;
        if (!trial.latency) return std::nullopt;
        return (*trial.latency).*in_trial;
    }
};

constexpr criterion throughput{"throughput"};
constexpr criterion p50{"p50 latency", &percentiles::p50, &distribution::p50};
constexpr criterion p99{"p99 latency", &percentiles::p99, &distribution::p99};

bool has(const cell_result& cell, std::string_view wanted) {
    return std::find(cell.labels.begin(), cell.labels.end(), wanted) != cell.labels.end();
}

/// Whether the figure of a latency is a bound: nobody knows how slow the cell really is.
bool bounded(const cell_result& cell, const criterion& by) {
    if (by.in_summary == nullptr || !cell.summary.latency_ns) return false;
    return has(cell, label::saturated) || ((*cell.summary.latency_ns).*by.in_summary).censored;
}

/// The order in which a report lists them; only the first kind can win.
enum class standing : std::uint8_t { contender, withheld, bound, reference, no_figure };

standing standing_of(const cell_result& cell, const criterion& by) {
    if (cell.state != status::ok || !by.of(cell)) return standing::no_figure;
    if (cell.what.reference) return standing::reference;
    if (stats::faster_than_possible(cell.what, cell.summary)) return standing::withheld;
    return bounded(cell, by) ? standing::bound : standing::contender;
}

std::map<int, double> by_round(const cell_result& cell, const criterion& by) {
    std::map<int, double> values;
    for (const trial_record& trial : cell.trials)
        if (const auto value = by.of(trial); value && trial.what == status::ok)
            values[trial.round] = *value;
    return values;
}

/// How many times better `a` is than `b`.
paired_ratio compare(const cell_result& a, const cell_result& b, const criterion& by,
                     double confidence) {
    const auto of_a = by_round(a, by), of_b = by_round(b, by);
    return by.higher_is_better() ? stats::compare_by_round(of_a, of_b, confidence)
                                 : stats::compare_by_round(of_b, of_a, confidence);
}

std::string too_few(int rounds) {
    return fmt::format("no verdict: {} {} too few; use --rounds 5", rounds,
                       rounds == 1 ? "round is" : "rounds are");
}

/// The verdict where a single strategy can win: it does if the others cannot keep up.
void judge_alone(ranked_group& group, const cell_result& only, const criterion& by) {
    const bool beats_others =
        std::any_of(group.entries.begin(), group.entries.end(),
                    [&](const entry& e) { return standing_of(*e.cell, by) == standing::bound; });
    if (!beats_others) {
        group.verdict = "no verdict: only one strategy to rank";
    } else if (only.summary.trials < stats::fewest_rounds) {
        group.verdict = too_few(only.summary.trials);
    } else {
        group.first = {only.what.strategy};
        group.verdict = fmt::format("{} wins: the only one that keeps up", only.what.strategy);
    }
}

/// Fills `first` and `verdict` from at least two contenders, best first.
void judge(ranked_group& group, const cells& contenders, const criterion& by) {
    // Each of the k - 1 intervals may miss with 0.05 / (k - 1), so that all of them hold together
    // with 95 % (Bonferroni): otherwise the more strategies, the more false winners.
    const double confidence = 1 - 0.05 / static_cast<double>(contenders.size() - 1);
    const cell_result& best = *contenders.front();
    std::vector<paired_ratio> leads;
    int rounds = std::numeric_limits<int>::max();
    for (std::size_t i = 1; i < contenders.size(); ++i) {
        leads.push_back(compare(best, *contenders[i], by, confidence));
        rounds = std::min(rounds, leads.back().rounds);
    }
    if (rounds < stats::fewest_rounds) {
        group.verdict = too_few(rounds);
        return;
    }
    group.first = {best.what.strategy};
    const paired_ratio* tie = nullptr;
    for (std::size_t i = 0; i < leads.size(); ++i) {
        if (leads[i].ci.lo > 1) continue;
        group.first.push_back(contenders[i + 1]->what.strategy);
        if (tie == nullptr) tie = &leads[i];
    }
    if (tie != nullptr) {
        group.verdict =
            fmt::format("too close to call: {} (ratio {:.2f} x [{:.2f}, {:.2f}])",
                        fmt::join(group.first, ", "), tie->ratio, tie->ci.lo, tie->ci.hi);
        return;
    }
    const std::string& second = contenders[1]->what.strategy;
    const std::string than =
        by.higher_is_better() ? second : fmt::format("lower {} than {}", by.name, second);
    const paired_ratio& lead = leads.front();
    group.verdict = fmt::format("{} wins: {:.2f} x {} [{:.2f}, {:.2f}]", best.what.strategy,
                                lead.ratio, than, lead.ci.lo, lead.ci.hi);
}

ranked_group rank_by(const criterion& by, std::string name, const cells& members) {
    ranked_group group{std::move(name), by.name, {}, {}, {}};
    const auto before = [&](const cell_result* a, const cell_result* b) {
        const auto of_a = standing_of(*a, by), of_b = standing_of(*b, by);
        if (of_a != of_b) return of_a < of_b;
        if (of_a == standing::no_figure) return false;
        const double x = by.of(*a)->value, y = by.of(*b)->value;
        return by.higher_is_better() ? x > y : x < y;
    };
    cells sorted = members;
    std::stable_sort(sorted.begin(), sorted.end(), before);

    cells contenders;
    std::vector<std::string> withheld;
    for (const cell_result* cell : sorted) {
        group.entries.push_back({cell, by.of(*cell), std::nullopt});
        const auto at = standing_of(*cell, by);
        if (at == standing::contender) contenders.push_back(cell);
        if (at == standing::withheld) withheld.push_back(cell->what.strategy);
    }
    if (!contenders.empty()) {
        const double best = group.entries.front().value->value;
        for (entry& e : group.entries)
            if (e.value && e.value->value > 0 && best > 0)
                e.best_is_better_by =
                    by.higher_is_better() ? best / e.value->value : e.value->value / best;
    }
    if (members.front()->what.load.text.find("%own") != std::string::npos)
        group.verdict = "no verdict: each strategy has a rate of its own";
    else if (contenders.empty())
        group.verdict = "no verdict: no strategy can win";
    else if (contenders.size() == 1)
        judge_alone(group, *contenders.front(), by);
    else
        judge(group, contenders, by);
    if (!withheld.empty())
        group.verdict +=
            fmt::format("; withheld, faster than the CPUs allow: {}", fmt::join(withheld, ", "));
    return group;
}

}  // namespace

std::vector<ranked_group> stats::rank(const study_results& results) {
    std::vector<std::pair<std::string, cells>> groups;
    for (const cell_result& cell : results.cells) {
        const std::string name = cell.what.group();
        auto found = std::find_if(groups.begin(), groups.end(),
                                  [&](const auto& group) { return group.first == name; });
        if (found == groups.end()) found = groups.insert(found, {name, {}});
        found->second.push_back(&cell);
    }
    std::vector<ranked_group> ranked;
    for (const auto& [name, members] : groups) {
        if (!members.front()->what.load.ranked_by_latency()) {
            ranked.push_back(rank_by(throughput, name, members));
            continue;
        }
        ranked.push_back(rank_by(p50, name, members));
        const auto& leader = ranked.back().entries.front();
        if (leader.value && p99.of(*leader.cell)) ranked.push_back(rank_by(p99, name, members));
    }
    return ranked;
}

}  // namespace stratbench
