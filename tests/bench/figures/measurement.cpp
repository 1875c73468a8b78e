#include "tests/bench/figures/measurement.hpp"

#include <algorithm>

#include "harness/stats/median.hpp"

namespace stratbench {
namespace {

/// The spread of `figure` over the rounds of `subject` for which it has a value.
template <class Figure>
std::optional<spread> over_rounds(const measured_subject& subject, const Figure& figure) {
    std::vector<double> values;
    for (const auto& [round, s] : subject.by_round) {
        if (const std::optional<double> value = figure(round, s)) {
            values.push_back(*value);
        }
    }
    return spread_of(values);
}

}  // namespace

std::optional<spread> spread_of(const std::vector<double>& values) {
    if (values.empty()) {
        return {};
    }
    const auto [lowest, highest] = std::minmax_element(values.begin(), values.end());
    return spread{median(values), *lowest, *highest, static_cast<int>(values.size())};
}

std::optional<spread> spread_of(const measured_subject& subject,
                                std::optional<double> sample::*of) {
    return over_rounds(subject, [of](int, const sample& s) { return s.*of; });
}

std::optional<spread> spread_of(const measured_subject& subject, double sample::*of) {
    return over_rounds(subject,
                       [of](int, const sample& s) { return std::optional<double>(s.*of); });
}

std::optional<spread> times_as_long(const measured_subject& a, const measured_subject& b) {
    return over_rounds(a, [&b](int round, const sample& s) -> std::optional<double> {
        const auto other = b.by_round.find(round);
        if (other == b.by_round.end()) {
            return {};
        }
        return s.ns_per_task / other->second.ns_per_task;
    });
}

std::optional<spread> times_as_fast(const measured_subject& a, const measured_subject& b) {
    return times_as_long(b, a);
}

std::optional<spread> tasks_per_s(const measured_subject& subject) {
    return over_rounds(
        subject, [](int, const sample& s) { return std::optional<double>(1e9 / s.ns_per_task); });
}

}  // namespace stratbench
