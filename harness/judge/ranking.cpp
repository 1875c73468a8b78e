#include "harness/judge/ranking.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "harness/judge/group_answer.hpp"
#include "harness/judge/standing.hpp"

namespace stratbench {
namespace {

using entry = ranked_group::entry;
using cells = std::vector<const cell_result*>;

ranked_group rank_by(const metric_info& by, std::string name, const cells& members, double alpha,
                     double tie) {
    ranked_group group;
    group.group = std::move(name);
    group.metric = by.id;
    const auto before = [&](const cell_result* a, const cell_result* b) {
        const auto of_a = standing_of(*a, by), of_b = standing_of(*b, by);
        if (of_a != of_b) {
            return of_a < of_b;
        }
        if (of_a == standing::no_figure) {
            return false;
        }
        const double x = by.figure(a->summary)->value, y = by.figure(b->summary)->value;
        return by.more_is_better ? x > y : x < y;
    };
    cells sorted = members;
    std::stable_sort(sorted.begin(), sorted.end(), before);

    cells contenders;
    std::vector<std::string> withheld;
    for (const cell_result* cell : sorted) {
        entry& added = group.entries.emplace_back();
        added.cell = cell;
        added.value = by.figure(cell->summary);
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
                    by.more_is_better ? best / e.value->value : e.value->value / best;
            }
        }
    }
    if (members.front()->planned.load.own_rate) {
        group.verdict = "no answer: each strategy has a rate of its own";
    } else {
        answer_group(group, contenders, by, alpha, tie);
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
        const metric primary = primary_metric(members.front()->planned);
        ranked.push_back(rank_by(about(primary), name, members, alpha, tie));
        if (primary != metric::p50) {
            continue;
        }
        const metric_info& p99 = about(metric::p99);
        const bool has_p99 = std::ranges::any_of(members, [&](const cell_result* cell) {
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

}  // namespace stratbench
