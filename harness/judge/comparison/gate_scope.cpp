#include "harness/judge/comparison/gate_scope.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <string_view>
#include <unordered_set>

#include "harness/base/spec.hpp"

namespace stratbench {
namespace {

bool has(const measured_cell& cell, metric what) {
    return std::ranges::any_of(cell.trials, [&](const measured_trial& trial) {
        return std::isfinite(trial.figure(what));
    });
}

std::vector<std::string_view> figures_of(const std::vector<const gateable_cell*>& cells) {
    std::vector<std::string_view> names;
    for (const metric_info& info : metrics) {
        if (std::ranges::any_of(cells, [&](const gateable_cell* cell) {
                return std::ranges::count(cell->figures, info.id) != 0;
            })) {
            names.push_back(info.name);
        }
    }
    return names;
}

}  // namespace

std::vector<gateable_cell> gateable_cells(const study_plan& plan) {
    std::vector<gateable_cell> cells;
    for (const cell& c : plan.cells) {
        if (!c.skip_reason.empty()) {
            continue;
        }
        gateable_cell& made = cells.emplace_back(gateable_cell{c.name(), primary_metric(c), {}});
        for (const metric_info& info : metrics) {
            if (info.applies_to(c.load)) {
                made.figures.push_back(info.id);
            }
        }
    }
    return cells;
}

std::vector<gateable_cell> gateable_cells(const measurement& base, const measurement& candidate) {
    std::unordered_set<std::string_view> in_candidate;
    for (const measured_cell& cell : candidate.cells) {
        in_candidate.insert(cell.name);
    }
    std::vector<gateable_cell> cells;
    for (const measured_cell& cell : base.cells) {
        if (!in_candidate.contains(cell.name)) {
            continue;
        }
        gateable_cell& made = cells.emplace_back(gateable_cell{cell.name, cell.primary, {}});
        for (const metric_info& info : metrics) {
            if (has(cell, info.id)) {
                made.figures.push_back(info.id);
            }
        }
    }
    return cells;
}

int comparisons_of_gate(std::span<const gateable_cell> cells, const comparison_options& options,
                        const std::vector<std::string>& ignore) {
    std::vector<const gateable_cell*> looked_at;
    for (const gateable_cell& cell : cells) {
        if (std::ranges::find(ignore, cell.name) == ignore.end()) {
            looked_at.push_back(&cell);
        }
    }
    if (looked_at.empty() && !ignore.empty()) {
        throw usage_error("there is nothing to compare: --ignore leaves no cell");
    }
    const std::vector<std::string_view> there = figures_of(looked_at);
    if (there.empty()) {
        return 0;
    }
    for (const metric what : options.fail_on) {
        if (std::ranges::find(there, about(what).name) == there.end()) {
            throw usage_error(
                fmt::format("there is nothing to compare by --fail-on {}: the cells have {}",
                            about(what).name, fmt::join(there, ", ")));
        }
    }
    int count = 0;
    for (const gateable_cell* cell : looked_at) {
        for (const metric what : cell->figures) {
            count += options.gates(what, cell->primary) ? 1 : 0;
        }
    }
    if (count == 0) {
        throw usage_error(
            fmt::format("there is nothing to compare: the cells have {}; see --fail-on",
                        fmt::join(there, ", ")));
    }
    return count;
}

}  // namespace stratbench
