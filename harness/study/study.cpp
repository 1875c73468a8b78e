#include "harness/study/study.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "harness/measure/machine_cpu.hpp"
#include "harness/plan/request.hpp"
#include "harness/results/labels.hpp"
#include "harness/stats/harness_cost.hpp"
#include "harness/stats/precision.hpp"
#include "harness/stats/sanity.hpp"
#include "harness/stats/summarise.hpp"
#include "harness/study/environment.hpp"
#include "workloads/clock.hpp"
#include "workloads/hash.hpp"

namespace stratbench {
namespace {

std::vector<cell_result> unmeasured(const study_plan& plan) {
    std::vector<cell_result> cells;
    for (const cell& c : plan.cells) {
        cell_result result;
        result.what = c;
        if (!c.skip_reason.empty()) {
            result.state = status::skipped;
            result.reason = c.skip_reason;
        }
        cells.push_back(std::move(result));
    }
    return cells;
}

void set_label(cell_result& cell, std::string_view label, bool on) {
    std::erase(cell.labels, label);
    if (on) cell.labels.emplace_back(label);
}

void add_trial(cell_result& cell, trial_record record) {
    if (record.what == status::failed && cell.state != status::failed) {
        cell.state = status::failed;
        cell.reason = record.reason;
    }
    for (const std::string& label : record.labels) {
        if (std::find(cell.labels.begin(), cell.labels.end(), label) == cell.labels.end()) {
            cell.labels.push_back(label);
        }
    }
    cell.trials.push_back(std::move(record));
}

bool has_lost_events(const std::vector<std::string>& labels) {
    return std::find(labels.begin(), labels.end(), label::events_lost) != labels.end();
}

/// One trial of every cell. Throws `interrupted`.
std::vector<std::pair<std::size_t, trial_record>> run_round(const study_results& study, int round,
                                                            const study_surroundings& around) {
    std::vector<std::pair<std::size_t, trial_record>> records;
    int events_fd = around.events_fd;
    for (const cell_result& cell : study.cells) {
        if (has_lost_events(cell.labels)) events_fd = -1;
    }
    for (const std::size_t index : round_order(study.plan, round)) {
        if (around.stop) throw interrupted();
        const cell& what = study.plan.cells[index];
        if (around.told != nullptr) around.told->trial_begins(what, round);
        trial_request request;
        request.what = what;
        request.detail = study.plan.detail;
        request.round = round;
        request.study_seed = study.plan.seed;
        request.study_id = study.study.id;
        request.events_fd = events_fd;
        request.pacing_spin_ns = pacing_spin_ns(study.machine);
        request.warm_up_ns = study.plan.warm_up_ns;
        trial_record record =
            around.launch(request, trial_deadline_ns(what, request.warm_up_ns), around.stop);
        // A terminal's Ctrl-C reaches the trial process as well.
        if (around.stop && record.what == status::failed) throw interrupted();
        record.round = round;
        if (has_lost_events(record.labels)) events_fd = -1;
        if (stats::harness_cost(what, study.machine) > stats::most_harness_cost) {
            record.labels.emplace_back(label::harness_overhead);
        }
        if (around.told != nullptr) around.told->trial_ends(what, record);
        records.emplace_back(index, std::move(record));
    }
    return records;
}

/// Brings everything that follows from the trials up to date.
void summarise(study_results& study, const std::vector<warning>& before,
               std::uint64_t thermal_throttles_before) {
    for (cell_result& cell : study.cells) {
        cell.summary = stats::summarise(cell.what, cell.trials);
        set_label(cell, label::faster_than_possible,
                  stats::faster_than_possible(cell.what, cell.summary));
    }
    study.warnings = before;
    for (warning& w : warnings_after(study.cells, thermal_throttles() - thermal_throttles_before)) {
        const auto same = [&](const warning& other) { return other.code == w.code; };
        std::erase_if(study.warnings, same);  // what was seen says more than what was expected
        study.warnings.push_back(std::move(w));
    }
}

bool all_precise(const study_results& study) {
    return std::ranges::all_of(study.cells, [&](const cell_result& c) {
        return c.state != status::ok ||
               stats::precise_enough(c.what, c.trials, study.plan.precision);
    });
}

/// Why there should be no round after the last one, which began at `last_began_ns` of the study;
/// empty where there should be one.
std::optional<study_end> enough_rounds(const study_results& study, std::int64_t last_began_ns) {
    const study_plan& plan = study.plan;
    const int finished = finished_rounds(study);
    if (plan.precision > 0 && finished >= stats::rounds_before_stopping && all_precise(study)) {
        return study_end::precision;
    }
    if (plan.budget_ns > 0) {
        const auto so_far = static_cast<std::int64_t>(study.study.measuring_s * 1e9);
        const std::int64_t last_took = so_far - last_began_ns;
        if (so_far + last_took > plan.budget_ns) return study_end::budget;
    }
    return std::nullopt;
}

}  // namespace

std::vector<std::size_t> round_order(const study_plan& plan, int round) {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < plan.cells.size(); ++i) {
        if (plan.cells[i].skip_reason.empty()) order.push_back(i);
    }
    // Fisher-Yates. Our own draws, because std::shuffle's differ between standard libraries.
    const std::uint64_t seed = mix64(plan.seed, static_cast<std::uint64_t>(round));
    for (std::size_t left = order.size(); left > 1; --left) {
        std::swap(order[left - 1], order[mix64(seed, left) % left]);
    }
    return order;
}

std::int64_t trial_deadline_ns(const cell& c, std::int64_t warm_up_ns) {
    // A process or a pool made for each task may cost 10 ms; two minutes of that are enough.
    const auto tasks = c.load.ends_with_window() ? 0.0 : static_cast<double>(c.load.tasks);
    const double making = std::min(tasks * 10e6, 120e9);
    const double expected = expected_trial_ns(c) + static_cast<double>(warm_up_ns);
    return static_cast<std::int64_t>(10e9 + 10 * expected + making);
}

int finished_rounds(const study_results& study) {
    std::size_t most = 0;
    for (const cell_result& c : study.cells) most = std::max(most, c.trials.size());
    return static_cast<int>(most);
}

study_results run_study(study_results study, const study_surroundings& around) {
    const std::int64_t started = now_ns();
    const std::vector<warning> before = study.warnings;
    const std::uint64_t throttles_before = thermal_throttles();
    study.cells = unmeasured(study.plan);
    if (around.told != nullptr) around.told->begin(study.plan);
    try {
        for (int round = 0; round < study.plan.rounds; ++round) {
            const std::int64_t round_began = now_ns();
            for (auto& [index, record] : run_round(study, round, around)) {
                add_trial(study.cells[index], std::move(record));
            }
            summarise(study, before, throttles_before);
            study.study.measuring_s = static_cast<double>(now_ns() - started) / 1e9;
            const std::optional<study_end> enough = enough_rounds(study, round_began - started);
            if (enough) study.study.ended_by = *enough;
            if (around.save) around.save(study);
            if (enough) break;
        }
    } catch (const interrupted&) {
        study.study.ended_by = study_end::interruption;
        // Nothing is no reason to replace the results of an earlier study.
        if (around.save && finished_rounds(study) > 0) around.save(study);
    }
    if (around.told != nullptr) around.told->end();
    return study;
}

}  // namespace stratbench
