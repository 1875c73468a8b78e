#include "harness/judge/precision.hpp"

#include <cmath>
#include <map>
#include <numbers>
#include <optional>
#include <vector>

#include "harness/model/metric.hpp"
#include "harness/stats/student.hpp"

namespace stratbench {

namespace {

/// What an estimator's interval is wider by than the mean's, where figures are spread normally.
const double price_of_median = std::sqrt(std::numbers::pi / 2);
const double price_of_hodges_lehmann = std::sqrt(std::numbers::pi / 3);

bool narrow_enough(const std::vector<double>& logs, double price, double precision) {
    if (logs.size() < 2) {
        return false;
    }
    const interval ci = mean_interval(logs, 0.95);
    return price * (ci.hi - ci.lo) / 2 <= precision;
}

/// The logarithm of what the cell is judged by; absent in a trial that has none, or that failed.
std::optional<double> log_figure(const cell& planned, const trial_record& trial) {
    if (trial.state != status::ok) {
        return std::nullopt;
    }
    const std::optional<double> figure = about(primary_metric(planned)).figure(trial);
    if (!figure || !(*figure > 0)) {
        return std::nullopt;
    }
    return std::log(*figure);
}

}  // namespace

bool precise_enough(const cell& planned, std::span<const trial_record> trials, double precision) {
    std::vector<double> logs;
    for (const trial_record& trial : trials) {
        if (const auto log = log_figure(planned, trial)) {
            logs.push_back(*log);
        }
    }
    return narrow_enough(logs, price_of_median, precision);
}

bool ratio_precise_enough(const cell& planned, std::span<const trial_record> base,
                          std::span<const trial_record> candidate, double precision) {
    std::map<int, double> of_base;
    for (const trial_record& trial : base) {
        if (const auto log = log_figure(planned, trial)) {
            of_base.emplace(trial.round, *log);
        }
    }
    std::vector<double> logs;
    for (const trial_record& trial : candidate) {
        const auto other = of_base.find(trial.round);
        const auto log = log_figure(planned, trial);
        if (log && other != of_base.end()) {
            logs.push_back(*log - other->second);
        }
    }
    return narrow_enough(logs, price_of_hodges_lehmann, precision);
}

}  // namespace stratbench
