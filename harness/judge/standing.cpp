#include "harness/judge/standing.hpp"

#include <cmath>
#include <optional>

#include "harness/judge/sanity.hpp"
#include "harness/model/labels.hpp"

namespace stratbench {
namespace {

bool is_bound(const cell_result& cell, const metric_info& by) {
    if (!by.latency || !cell.summary.latency_ns) {
        return false;
    }
    return has_label(cell.labels, label::saturated) || by.is_bound(cell.summary);
}

}  // namespace

standing standing_of(const cell_result& cell, const metric_info& by) {
    if (cell.state != status::ok || !by.figure(cell.summary)) {
        return standing::no_figure;
    }
    if (cell.planned.reference) {
        return standing::reference;
    }
    if (faster_than_possible(cell.planned, cell.summary)) {
        return standing::withheld;
    }
    return is_bound(cell, by) ? standing::bound : standing::contender;
}

figures_by_round log_figures_of(const cell_result& cell, const metric_info& by) {
    figures_by_round figures;
    const auto add = [&](int generation, int round, std::optional<double> value) {
        if (value && *value > 0) {
            figures[generation][round] = (by.more_is_better ? 1 : -1) * std::log(*value);
        }
    };
    for (const trial_record& trial : cell.trials) {
        if (trial.state != status::ok) {
            continue;
        }
        if (trial.slices.empty() || by.of_slice == nullptr) {
            add(trial.round, 0, by.figure(trial));
            continue;
        }
        for (const slice_record& slice : trial.slices) {
            add(trial.round, slice.round, by.figure(slice));
        }
    }
    return figures;
}

}  // namespace stratbench
