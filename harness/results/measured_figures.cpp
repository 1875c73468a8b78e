#include "harness/results/measured_figures.hpp"

#include <fmt/format.h>

#include <utility>

#include "harness/judge/comparability.hpp"
#include "harness/stats/tail_rule.hpp"

namespace stratbench {
namespace {

constexpr double none = measured_trial::none;

double above_0(double value) {
    return value > 0 ? value : none;
}

/// A percentile that falls among tasks that failed or were never served is a bound, not a figure.
double percentile_of(const distribution& d, double distribution::*which) {
    return d.censored_from && d.*which >= *d.censored_from ? none : above_0(d.*which);
}

}  // namespace

metric primary_metric(const cell& what) {
    return what.load.ranked_by_latency() ? metric::p50 : metric::throughput;
}

void figure_collector::add(const trial_record& trial) {
    if (trial.state != status::ok) {
        return;
    }
    measured_trial& added = kept_.emplace_back();
    added.round = trial.round;
    added.figure(metric::throughput) = above_0(trial.throughput_per_s);
    if (trial.outcomes.ok > 0) {
        added.figure(metric::cpu) = above_0((trial.cpu.user_s + trial.cpu.system_s) * 1e9 /
                                            static_cast<double>(trial.outcomes.ok));
    }
    for (const slice_record& slice : trial.slices) {
        added.slices.push_back({slice.round, above_0(slice.throughput_per_s),
                                above_0(slice.p50_ns.value_or(none)),
                                above_0(slice.p90_ns.value_or(none))});
    }
    added.figure(metric::memory) = above_0(static_cast<double>(trial.peak_memory_bytes));
    added.figure(metric::startup) = above_0(static_cast<double>(trial.startup_ns));
    if (!trial.latency || trial.latency->count == 0) {
        return;
    }
    const distribution& latency = *trial.latency;
    ++with_latency_;
    tasks_ += latency.count;
    added.figure(metric::p50) = percentile_of(latency, &distribution::p50);
    added.figure(metric::p90) = percentile_of(latency, &distribution::p90);
    added.figure(metric::p99) = percentile_of(latency, &distribution::p99);
    added.figure(metric::p999) = percentile_of(latency, &distribution::p999);
}

measured_cell figure_collector::of(const cell& what, status state, const std::string& reason) && {
    const auto remove = [this](metric figure) {
        for (measured_trial& trial : kept_) {
            trial.figure(figure) = none;
            for (measured_trial::slice& slice : trial.slices) {
                if (figure == metric::p50) {
                    slice.p50 = none;
                }
                if (figure == metric::p90) {
                    slice.p90 = none;
                }
            }
        }
    };
    if (!what.load.open()) {
        remove(metric::p50);
        remove(metric::p90);
    }
    const auto refused = [&](const tail_rule& rule) {
        return !what.load.open() || !rule.refusal(tasks_, with_latency_).empty();
    };
    if (refused(rule_p99)) {
        remove(metric::p99);
    }
    if (refused(rule_p999)) {
        remove(metric::p999);
    }

    measured_cell result;
    result.name = what.name();
    result.primary = primary_metric(what);
    result.conditions = conditions_of(what);
    if (state == status::failed) {
        result.no_figures = "failed: " + reason;
    }
    if (state == status::skipped) {
        result.no_figures = "skipped: " + reason;
    }
    result.trials = std::move(kept_);
    return result;
}

measurement measurement_of(study_info study, const environment& machine, const std::string& file) {
    measurement result;
    result.file = file;
    result.info = std::move(study);
    result.git_revision = machine.git_revision;
    result.conditions = conditions_of(machine);
    return result;
}

measurement measurement_of(const study_results& study, const std::string& file) {
    measurement result = measurement_of(study.info, study.machine, file);
    for (const cell_result& c : study.cells) {
        figure_collector figures;
        for (const trial_record& trial : c.trials) {
            figures.add(trial);
        }
        result.cells.push_back(std::move(figures).of(c.planned, c.state, c.reason));
    }
    return result;
}

}  // namespace stratbench
