#pragma once

#include <map>
#include <optional>
#include <vector>

#include "harness/model/results.hpp"
#include "harness/stats/best.hpp"
#include "harness/stats/student.hpp"

namespace stratbench {

/// How much more one cell has of a figure than another, paired by generation.
struct paired_difference {
    double mean = 0;
    /// At 95 %.
    interval ci = {};

    /// Whether the interval excludes zero. False as well of too few generations.
    [[nodiscard]] bool clear() const { return ci.lo > 0 || ci.hi < 0; }
};

/// How much more `get` reads from the trials of `a` than from those of `b`, generation by
/// generation; zero where fewer than `fewest_generations` have both. `get` gives nothing for a
/// trial without the figure.
template <class Get>
paired_difference difference_between(const cell_result& a, const cell_result& b, Get get) {
    std::map<int, double> of_b;
    for (const trial_record& t : b.trials) {
        if (const std::optional<double> value = get(t); value && t.state == status::ok) {
            of_b[t.round] = *value;
        }
    }
    std::vector<double> more;
    for (const trial_record& t : a.trials) {
        const auto other = of_b.find(t.round);
        if (t.state != status::ok || other == of_b.end()) {
            continue;
        }
        if (const std::optional<double> value = get(t)) {
            more.push_back(*value - other->second);
        }
    }
    if (more.size() < fewest_generations) {
        return {};
    }
    return {mean(more), mean_interval(more, 0.95)};
}

/// Mean time of a served task from its due time to its result, nanoseconds; nothing of a trial
/// without phases.
inline std::optional<double> mean_time_of(const trial_record& t) {
    if (!t.phases) {
        return std::nullopt;
    }
    return t.phases->waiting + t.phases->dispatch + t.phases->service + t.phases->back;
}

}  // namespace stratbench
