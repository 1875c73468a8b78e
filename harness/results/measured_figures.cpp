#include "harness/results/measured_figures.hpp"

#include <fmt/format.h>

#include <utility>

#include "harness/judge/comparison/comparability.hpp"
#include "harness/judge/comparison/control.hpp"
#include "harness/stats/tail_rule.hpp"

namespace stratbench {
namespace {

constexpr double none = measured_trial::none;

double above_0(double value) {
    return value > 0 ? value : none;
}

/// A bound is no figure.
double figure_of(const trial_record& trial, const metric_info& info) {
    return info.is_bound(trial) ? none : above_0(info.figure(trial).value_or(none));
}

}  // namespace

void figure_collector::add(const trial_record& trial) {
    if (trial.state == status::failed && failure_.empty()) {
        failure_ = trial.reason.empty() ? "a trial failed" : trial.reason;
    }
    if (trial.state != status::ok) {
        return;
    }
    const bool has_latency = trial.latency && trial.latency->count > 0;
    if (has_latency) {
        ++with_latency_;
        tasks_ += trial.latency->count;
    }
    measured_trial& added = kept_.emplace_back();
    added.round = trial.round;
    for (const slice_record& slice : trial.slices) {
        added.slices.emplace_back(slice.round);
    }
    for (const metric_info& info : metrics) {
        if (!info.latency || has_latency) {
            added.figure(info.id) = figure_of(trial, info);
        }
        if (info.of_slice == nullptr) {
            continue;
        }
        for (std::size_t i = 0; i < trial.slices.size(); ++i) {
            const double figure = info.figure(trial.slices[i]).value_or(none);
            added.slices[i].set_figure(info.id, above_0(figure));
        }
    }
}

measured_cell figure_collector::of(const cell& planned, status state,
                                   const std::string& reason) && {
    const auto remove = [this](const metric_info& info) {
        for (measured_trial& trial : kept_) {
            trial.figure(info.id) = none;
            if (info.of_slice == nullptr) {
                continue;
            }
            for (measured_trial::slice& slice : trial.slices) {
                slice.set_figure(info.id, none);
            }
        }
    };
    for (const metric_info& info : metrics) {
        const tail_rule* rule = info.latency ? info.latency->rule : nullptr;
        const bool refused = rule != nullptr && !rule->refusal(tasks_, with_latency_).empty();
        if (refused || !info.applies_to(planned.load)) {
            remove(info);
        }
    }

    measured_cell result;
    result.name = planned.name();
    result.group = planned.group();
    result.is_control = planned.strategy == control_strategy && !planned.reference;
    result.primary = primary_metric(planned);
    result.conditions = conditions_of(planned);
    result.failure = std::move(failure_);
    if (state == status::failed) {
        result.no_figures = "failed: " + reason;
        result.failure = reason.empty() ? "it failed" : reason;
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
