#include "harness/judge/explanation.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "harness/judge/paired_difference.hpp"

namespace stratbench {

namespace {

using figure = std::optional<double>;

constexpr std::pair<explanation::phase, double phase_means::*> phases[] = {
    {explanation::phase::waiting, &phase_means::waiting},
    {explanation::phase::dispatch, &phase_means::dispatch},
    {explanation::phase::service, &phase_means::service},
    {explanation::phase::back, &phase_means::back},
};

std::optional<explanation::time> time_of(const cell_result& cell, const cell_result& best) {
    const paired_difference whole = difference_between(cell, best, mean_time_of);
    if (!whole.clear() || whole.mean <= 0) {
        return std::nullopt;
    }
    explanation::time time;
    time.more_ns = whole.mean;
    time.served_only = cell.summary.outcomes.ok < cell.summary.outcomes.due;
    for (const auto& [phase, member] : phases) {
        const auto more =
            difference_between(cell, best, [member = member](const trial_record& t) -> figure {
                if (!t.phases) {
                    return std::nullopt;
                }
                return (*t.phases).*member;
            });
        if (more.clear()) {
            time.parts.push_back({phase, more.mean});
        }
    }
    std::stable_sort(time.parts.begin(), time.parts.end(),
                     [](const auto& a, const auto& b) { return a.more_ns > b.more_ns; });
    if (time.parts.empty() || time.parts.front().more_ns <= 0) {
        return std::nullopt;
    }
    return time;
}

std::optional<explanation::capacity> capacity_of(const cell_result& cell, const cell_result& best,
                                                 double times) {
    // Logarithms, since the factors multiply: their differences say which one counts for more.
    const auto cores = difference_between(cell, best, [](const trial_record& t) -> figure {
        if (t.cpu.mean_busy_cores <= 0) {
            return std::nullopt;
        }
        return std::log(t.cpu.mean_busy_cores);
    });
    const auto efficiency = difference_between(cell, best, [](const trial_record& t) -> figure {
        if (!t.cpu.efficiency || *t.cpu.efficiency <= 0) {
            return std::nullopt;
        }
        return std::log(*t.cpu.efficiency);
    });
    const bool loses_by_one =
        (cores.clear() && cores.mean < 0) || (efficiency.clear() && efficiency.mean < 0);
    if (!loses_by_one) {
        return std::nullopt;
    }
    return explanation::capacity{
        times, cores.clear(), efficiency.clear(),
        cores.clear() && (!efficiency.clear() || cores.mean < efficiency.mean)};
}

}  // namespace

std::vector<explanation> explain(const ranked_group& ranking) {
    std::vector<explanation> found;
    // Without an answer no interval sets anyone behind.
    const std::vector<std::string>& first = ranking.answer.candidates;
    if (first.empty() || ranking.entries.empty()) {
        return found;
    }
    const cell_result& best = *ranking.entries.front().cell;
    for (const ranked_group::entry& entry : ranking.entries) {
        const cell_result& cell = *entry.cell;
        const bool shares_first =
            std::find(first.begin(), first.end(), cell.planned.strategy) != first.end();
        if (cell.planned.reference || shares_first || !entry.best_is_better_by ||
            *entry.best_is_better_by <= 1) {
            continue;
        }
        explanation why{&cell, &best, {}, {}};
        if (ranking.metric == metric::throughput) {
            why.throughput = capacity_of(cell, best, *entry.best_is_better_by);
        } else {
            why.latency = time_of(cell, best);
        }
        if (why.latency || why.throughput) {
            found.push_back(std::move(why));
        }
    }
    return found;
}

}  // namespace stratbench
