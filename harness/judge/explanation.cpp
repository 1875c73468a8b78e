#include "harness/judge/explanation.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "harness/stats/best.hpp"
#include "harness/stats/student.hpp"

namespace stratbench {

namespace {

using figure = std::optional<double>;

struct difference {
    double mean = 0;
    /// Its interval excludes zero.
    bool clear = false;
};

/// How much more `get` reads from the trials of `a` than from those of `b`, generation by
/// generation.
template <class Get>
difference between(const cell_result& a, const cell_result& b, Get get) {
    std::map<int, double> of_b;
    for (const trial_record& t : b.trials) {
        if (const figure value = get(t); value && t.state == status::ok) {
            of_b[t.round] = *value;
        }
    }
    std::vector<double> more;
    for (const trial_record& t : a.trials) {
        const auto other = of_b.find(t.round);
        if (t.state != status::ok || other == of_b.end()) {
            continue;
        }
        if (const figure value = get(t)) {
            more.push_back(*value - other->second);
        }
    }
    if (more.size() < fewest_generations) {
        return {};
    }
    const interval ci = mean_interval(more, 0.95);
    return {mean(more), ci.lo > 0 || ci.hi < 0};
}

constexpr std::pair<explanation::phase, double phase_means::*> phases[] = {
    {explanation::phase::waiting, &phase_means::waiting},
    {explanation::phase::dispatch, &phase_means::dispatch},
    {explanation::phase::service, &phase_means::service},
    {explanation::phase::back, &phase_means::back},
};

std::optional<explanation::time> time_of(const cell_result& cell, const cell_result& best) {
    const auto whole = between(cell, best, [](const trial_record& t) -> figure {
        if (!t.phases) {
            return std::nullopt;
        }
        return t.phases->waiting + t.phases->dispatch + t.phases->service + t.phases->back;
    });
    if (!whole.clear || whole.mean <= 0) {
        return std::nullopt;
    }
    explanation::time time;
    time.more_ns = whole.mean;
    time.served_only = cell.summary.outcomes.ok < cell.summary.outcomes.due;
    for (const auto& [phase, member] : phases) {
        const auto more = between(cell, best, [member = member](const trial_record& t) -> figure {
            if (!t.phases) {
                return std::nullopt;
            }
            return (*t.phases).*member;
        });
        if (more.clear) {
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
    const auto cores = between(cell, best, [](const trial_record& t) -> figure {
        if (t.cpu.mean_busy_cores <= 0) {
            return std::nullopt;
        }
        return std::log(t.cpu.mean_busy_cores);
    });
    const auto efficiency = between(cell, best, [](const trial_record& t) -> figure {
        if (!t.cpu.efficiency || *t.cpu.efficiency <= 0) {
            return std::nullopt;
        }
        return std::log(*t.cpu.efficiency);
    });
    const bool loses_by_one =
        (cores.clear && cores.mean < 0) || (efficiency.clear && efficiency.mean < 0);
    if (!loses_by_one) {
        return std::nullopt;
    }
    return explanation::capacity{
        times, cores.clear, efficiency.clear,
        cores.clear && (!efficiency.clear || cores.mean < efficiency.mean)};
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
