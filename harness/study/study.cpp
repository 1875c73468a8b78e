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

/// A study while it runs: its stages, one after the other.
class running_study {
  public:
    running_study(std::span<study_side> measured, const study_surroundings& from_outside)
        : sides(measured), around(from_outside) {
        for (study_side& side : sides) {
            before.push_back(side.study.warnings);
            side.study.cells = unmeasured(side.study.plan);
        }
    }

    void run() {
        try {
            run(planned());
            if (const stage fresh = confirming(); !fresh.cells.empty()) run(fresh);
        } catch (const interrupted&) {
            end(study_end::interruption);
            // Nothing is no reason to replace the results of an earlier study.
            if (finished_rounds(first()) > 0) save();
        }
        if (around.told != nullptr) around.told->end();
    }

  private:
    struct measured_turn {
        turn which;
        trial_record record;
    };

    [[nodiscard]] const study_results& first() const { return sides.front().study; }
    [[nodiscard]] const study_plan& plan() const { return first().plan; }

    [[nodiscard]] stage planned() const {
        stage all{.cells = {}, .sides = sides.size(), .at_most = plan().rounds};
        for (std::size_t i = 0; i < plan().cells.size(); ++i)
            if (plan().cells[i].skip_reason.empty()) all.cells.push_back(i);
        const double part = around.doubted ? 1 - budget_for_confirming : 1;
        all.budget_ns = static_cast<std::int64_t>(part * static_cast<double>(plan().budget_ns));
        if (plan().budget_ns > 0) all.budget_ns = std::max<std::int64_t>(all.budget_ns, 1);
        return all;
    }

    /// Without cells where there is nothing to confirm.
    [[nodiscard]] stage confirming() const {
        const int finished = finished_rounds(first());
        stage fresh{.cells = {},
                    .sides = sides.size(),
                    .first_round = finished,
                    .at_least = fewest_confirming_rounds,
                    .at_most = std::max(fewest_confirming_rounds, finished),
                    .confirms = true};
        if (around.doubted) fresh.cells = around.doubted(sides);
        if (plan().budget_ns > 0)
            fresh.budget_ns = std::max<std::int64_t>(1, plan().budget_ns - (now_ns() - started));
        return fresh;
    }

    /// Throws `interrupted`.
    void run(const stage& rounds) {
        if (around.told != nullptr) around.told->begin(plan(), rounds);
        const std::int64_t stage_began = now_ns();
        for (int done = 1; done <= rounds.at_most; ++done) {
            const std::int64_t round_began = now_ns();
            for (auto& [which, record] : run_round(rounds, rounds.first_round + done - 1))
                add_trial(sides[which.side].study.cells[which.cell], std::move(record));
            const std::int64_t now = now_ns();
            take_stock(rounds, now);
            const std::optional<study_end> enough =
                enough_rounds(rounds, done, now - stage_began, now - round_began);
            if (enough && !rounds.confirms) end(*enough);
            save();
            if (enough) break;
        }
    }

    /// One trial of every cell on every side.
    std::vector<measured_turn> run_round(const stage& rounds, int round) {
        std::vector<measured_turn> all;
        for (const turn& which : round_order(rounds.cells, sides.size(), plan().seed, round))
            all.push_back({which, run_trial_of(which, round)});
        return all;
    }

    trial_record run_trial_of(const turn& which, int round) {
        if (around.stop) throw interrupted();
        const study_side& side = sides[which.side];
        const study_results& study = side.study;
        const cell& what = study.plan.cells[which.cell];
        if (around.told != nullptr) around.told->trial_begins(what, round);
        trial_request request;
        request.what = what;
        request.detail = study.plan.detail;
        request.round = round;
        request.study_seed = study.plan.seed;
        request.study_id = study.study.id;
        request.events_fd = events_lost ? -1 : around.events_fd;
        request.pacing_spin_ns = pacing_spin_ns(study.machine);
        request.warm_up_ns = study.plan.warm_up_ns;
        trial_record record =
            side.launch(request, trial_deadline_ns(what, request.warm_up_ns), around.stop);
        // A terminal's Ctrl-C reaches the trial process as well.
        if (around.stop && record.what == status::failed) throw interrupted();
        record.round = round;
        events_lost = events_lost || has_lost_events(record.labels);
        if (stats::harness_cost(what, study.machine) > stats::most_harness_cost) {
            record.labels.emplace_back(label::harness_overhead);
        }
        if (around.told != nullptr) around.told->trial_ends(what, record);
        return record;
    }

    /// Brings everything that follows from the trials up to date.
    void take_stock(const stage& rounds, std::int64_t now) {
        for (std::size_t i = 0; i < sides.size(); ++i) {
            study_results& study = sides[i].study;
            summarise(study, before[i], throttles_before);
            study.study.measuring_s = static_cast<double>(now - started) / 1e9;
            if (rounds.confirms) study.study.confirmation_from_round = rounds.first_round;
        }
    }

    /// Why there should be no round after these, the last of which took `last_took`; empty where
    /// there should be one.
    [[nodiscard]] std::optional<study_end> enough_rounds(const stage& rounds, int done,
                                                         std::int64_t so_far,
                                                         std::int64_t last_took) const {
        if (done < rounds.at_least) return std::nullopt;
        if (!rounds.confirms && plan().precision > 0 && done >= around.rounds_before_precision &&
            std::ranges::all_of(rounds.cells, [this](std::size_t cell) {
                return !measurable(cell) || precise(cell);
            }))
            return study_end::precision;
        if (rounds.budget_ns > 0 && so_far + last_took > rounds.budget_ns) return study_end::budget;
        if (done == rounds.at_most) return study_end::rounds;
        return std::nullopt;
    }

    /// The planned rounds are over.
    void end(study_end why) {
        for (study_side& side : sides) side.study.study.ended_by = why;
        for (std::size_t i = 0; i < plan().cells.size(); ++i) {
            if (!measurable(i)) continue;
            const study_end of_cell = precise(i) ? study_end::precision : why;
            for (study_side& side : sides) side.study.cells[i].ended_by = of_cell;
        }
    }

    [[nodiscard]] bool measurable(std::size_t cell) const {
        return std::ranges::all_of(sides, [cell](const study_side& side) {
            return side.study.cells[cell].state == status::ok;
        });
    }

    /// Side by side it is the ratio that matters.
    [[nodiscard]] bool precise(std::size_t cell) const {
        if (plan().precision <= 0) return false;
        const cell_result& base = first().cells[cell];
        const cell_result& now = sides.back().study.cells[cell];
        if (std::cmp_less(base.trials.size(), around.rounds_before_precision)) return false;
        return sides.size() == 1 ? stats::precise_enough(base.what, base.trials, plan().precision)
                                 : stats::ratio_precise_enough(base.what, base.trials, now.trials,
                                                               plan().precision);
    }

    void save() const {
        for (const study_side& side : sides)
            if (side.save) side.save(side.study);
    }

    std::span<study_side> sides;
    const study_surroundings& around;
    const std::int64_t started = now_ns();
    const std::uint64_t throttles_before = thermal_throttles();
    /// Of each side.
    std::vector<std::vector<warning>> before;
    bool events_lost = false;
};

}  // namespace

std::vector<turn> round_order(std::span<const std::size_t> cells, std::size_t sides,
                              std::uint64_t seed, int round) {
    std::vector<turn> order;
    for (const std::size_t cell : cells)
        for (std::size_t side = 0; side < sides; ++side) order.push_back({cell, side});
    // Fisher-Yates. Our own draws, because std::shuffle's differ between standard libraries.
    const std::uint64_t of_round = mix64(seed, static_cast<std::uint64_t>(round));
    for (std::size_t left = order.size(); left > 1; --left) {
        std::swap(order[left - 1], order[mix64(of_round, left) % left]);
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

int finished_rounds(const study_results& study) {
    std::size_t most = 0;
    for (const cell_result& c : study.cells) most = std::max(most, c.trials.size());
    return static_cast<int>(most);
}

void run_study(std::span<study_side> sides, const study_surroundings& around) {
    running_study(sides, around).run();
}

study_results run_study(study_side side, const study_surroundings& around) {
    run_study(std::span(&side, 1), around);
    return std::move(side.study);
}

}  // namespace stratbench
