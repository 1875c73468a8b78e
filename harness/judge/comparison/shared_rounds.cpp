#include "harness/judge/comparison/shared_rounds.hpp"

#include <algorithm>
#include <cmath>

#include "harness/stats/median.hpp"

namespace stratbench {
namespace {

std::vector<const measured_trial*> by_round(const measured_cell& cell) {
    std::vector<const measured_trial*> trials;
    for (const measured_trial& trial : cell.trials) {
        trials.push_back(&trial);
    }
    std::stable_sort(trials.begin(), trials.end(),
                     [](auto* a, auto* b) { return a->round < b->round; });
    const auto last = std::unique(trials.begin(), trials.end(),
                                  [](auto* a, auto* b) { return a->round == b->round; });
    trials.erase(last, trials.end());
    return trials;
}

}  // namespace

bool is_figure(double value) {
    return std::isfinite(value) && value > 0;
}

bool within_greatest_ratio(double difference) {
    static const double greatest = std::log(greatest_ratio);
    return std::abs(difference) <= greatest;
}

std::vector<shared_round> shared_rounds(const measured_cell& base, const measured_cell& candidate) {
    const auto of_base = by_round(base), of_candidate = by_round(candidate);
    std::vector<shared_round> shared;
    for (auto b = of_base.begin(), n = of_candidate.begin();
         b != of_base.end() && n != of_candidate.end();) {
        if ((*b)->round < (*n)->round) {
            ++b;
        } else if ((*n)->round < (*b)->round) {
            ++n;
        } else {
            shared.push_back({*b++, *n++});
        }
    }
    return shared;
}

std::optional<double> difference_of(const shared_round& both, metric what) {
    const double b = both.base->figure(what), n = both.candidate->figure(what);
    if (!is_figure(b) || !is_figure(n)) {
        return std::nullopt;
    }
    std::vector<double> pairs;
    for (auto x = both.base->slices.begin(), y = both.candidate->slices.begin();
         x != both.base->slices.end() && y != both.candidate->slices.end();) {
        if (x->round != y->round) {
            ++(x->round < y->round ? x : y);
            continue;
        }
        if (is_figure(x->figure(what)) && is_figure(y->figure(what))) {
            pairs.push_back(std::log(y->figure(what) / x->figure(what)));
        }
        ++x;
        ++y;
    }
    return pairs.empty() ? std::log(n / b) : median(pairs);
}

}  // namespace stratbench
