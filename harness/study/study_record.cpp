#include "harness/study/study_record.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "harness/judge/sanity.hpp"
#include "harness/judge/summarise.hpp"
#include "harness/measure/machine_cpu.hpp"
#include "harness/model/labels.hpp"
#include "harness/study/warnings.hpp"

namespace stratbench {
namespace {

void set_label(cell_result& cell, std::string_view label, bool on) {
    std::erase(cell.labels, label);
    if (on) {
        cell.labels.emplace_back(label);
    }
}

/// What the trials' labels say about their cell, in the order of the closed list.
std::vector<std::string> labels_of(const std::vector<trial_record>& trials) {
    std::vector<std::string> result;
    for (const label_entry& entry : labels()) {
        const auto having =
            static_cast<std::size_t>(std::ranges::count_if(trials, [&](const trial_record& trial) {
                return has_label(trial.labels, entry.name);
            }));
        if (needs_majority(entry.name) ? 2 * having > trials.size() : having > 0) {
            result.emplace_back(entry.name);
        }
    }
    return result;
}

}  // namespace

std::vector<cell_result> unmeasured(const study_plan& plan) {
    std::vector<cell_result> cells;
    for (const cell& c : plan.cells) {
        cell_result result;
        result.planned = c;
        if (!c.skip_reason.empty()) {
            result.state = status::skipped;
            result.reason = c.skip_reason;
        }
        cells.push_back(std::move(result));
    }
    return cells;
}

void add_trial(cell_result& cell, trial_record record) {
    if (record.state == status::failed && cell.state != status::failed) {
        cell.state = status::failed;
        cell.reason = record.reason;
    }
    cell.trials.push_back(std::move(record));
}

void summarise(study_results& study, const std::vector<warning>& before,
               std::uint64_t thermal_throttles_before) {
    for (cell_result& cell : study.cells) {
        cell.summary = summarise(cell.planned, cell.trials);
        cell.labels = labels_of(cell.trials);
        set_label(cell, label::hidden_steal, hides_steal(cell));
        set_label(cell, label::faster_than_possible,
                  faster_than_possible(cell.planned, cell.summary));
    }
    study.warnings = before;
    for (warning& w : warnings_after(study.cells, thermal_throttles() - thermal_throttles_before)) {
        const auto same = [&](const warning& other) { return other.code == w.code; };
        std::erase_if(study.warnings, same);  // what was seen says more than what was expected
        study.warnings.push_back(std::move(w));
    }
}

int finished_generations(const study_results& study) {
    std::size_t most = 0;
    for (const cell_result& c : study.cells) {
        most = std::max(most, c.trials.size());
    }
    return static_cast<int>(most);
}

int finished_rounds(const study_results& study) {
    std::size_t most = 0;
    for (const cell_result& c : study.cells) {
        most = std::max(most, c.rounds());
    }
    return static_cast<int>(most);
}

}  // namespace stratbench
