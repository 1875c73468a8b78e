#include "harness/study/study.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

#include "harness/base/clock.hpp"
#include "harness/judge/harness_cost.hpp"
#include "harness/judge/precision.hpp"
#include "harness/measure/machine_cpu.hpp"
#include "harness/model/labels.hpp"
#include "harness/plan/request.hpp"
#include "harness/plan/slices.hpp"
#include "harness/study/environment.hpp"
#include "harness/study/open_questions.hpp"
#include "harness/study/rounds/round_order.hpp"

namespace stratbench {
namespace {

/// A trial rests for the remainder of its generation when it has used this many times its fair part
/// of the time; when one more slice would, if it has had so many.
constexpr double most_of_fair_part = 1.5;
constexpr int fewest_slices_of_part = 2;

/// A study while it runs: its stages, one after the other.
class running_study {
  public:
    running_study(std::span<study_side> sides, const study_hooks& hooks)
        : sides_(sides), hooks_(hooks) {
        for (study_side& side : sides_) {
            before_.push_back(side.study.warnings);
            side.study.cells = unmeasured(side.study.plan);
        }
    }

    void run() {
        try {
            run(planned_stage(plan(), sides_.size(), hooks_.select_for_confirmation != nullptr));
            if (const stage fresh = confirming(); !fresh.cells.empty()) {
                run(fresh);
            }
        } catch (const interrupted&) {
            end(study_end::interruption);
            // Nothing is no reason to replace the results of an earlier study.
            if (finished_generations(first()) > 0) {
                save();
            }
        }
        if (hooks_.listener != nullptr) {
            hooks_.listener->end();
        }
    }

  private:
    /// A trial of a generation.
    struct alive {
        turn which;
        std::unique_ptr<running_trial> trial;
        bool failed = false;
        int slices = 0;
        double used_ns = 0;
    };
    struct measured_turn {
        turn which;
        trial_record record;
    };
    using cell_list = std::vector<std::size_t>;

    [[nodiscard]] const study_results& first() const { return sides_.front().study; }
    [[nodiscard]] const study_plan& plan() const { return first().plan; }

    /// The generations that confirm; none where there is nothing to confirm.
    [[nodiscard]] stage confirming() const {
        std::vector<std::size_t> cells;
        if (hooks_.select_for_confirmation) {
            cells = hooks_.select_for_confirmation(sides_);
        }
        return confirming_stage(plan(), std::move(cells), sides_.size(),
                                finished_generations(first()), now_ns() - started_);
    }

    /// The user has fixed neither the number of rounds nor a precision.
    [[nodiscard]] bool ends_when_answered() const {
        return plan().rounds == unlimited_rounds && plan().precision <= 0;
    }

    /// Throws `interrupted`.
    void run(stage generations) {
        if (hooks_.listener != nullptr) {
            hooks_.listener->begin(plan(), generations);
        }
        const std::int64_t stage_began = now_ns();
        for (int done = 1; done <= generations.at_most; ++done) {
            const std::int64_t began = now_ns();
            for (auto& [which, record] :
                 run_generation(generations, done - 1, began - stage_began)) {
                add_trial(sides_[which.side].study.cells[which.cell], std::move(record));
            }
            const std::int64_t ended = now_ns();
            take_stock(generations, ended);
            if (ends_when_answered() && !generations.confirms && sides_.size() == 1 &&
                done >= generations_before_answers) {
                dismiss(generations);
            }
            const std::optional<study_end> enough =
                enough_generations(generations, done, ended - stage_began, ended - began);
            if (enough && !generations.confirms) {
                end(*enough);
            }
            save();
            if (enough) {
                break;
            }
        }
    }

    /// One trial of every cell on every side, generation number `index` of the stage.
    std::vector<measured_turn> run_generation(const stage& generations, int index,
                                              std::int64_t so_far) {
        const int generation = generations.first_generation + index;
        double left_ns = 0;
        if (generations.budget_ns > 0) {
            const std::int64_t share = generations.budget_ns / generations.shares;
            left_ns = static_cast<double>(std::min(share, generations.budget_ns - so_far));
        }
        const std::vector<cell_list> groups = group_order(plan(), generations.cells, generation);
        auto groups_left = static_cast<double>(groups.size());
        std::vector<measured_turn> all;
        for (const cell_list& group : groups) {
            const std::int64_t began = now_ns();
            const double share = left_ns / groups_left--;
            for (measured_turn& each :
                 run_group(group, generation, rounds_of(plan(), generations, group, index),
                           generations.budget_ns > 0 ? std::max(1.0, share) : 0)) {
                all.push_back(std::move(each));
            }
            left_ns -= static_cast<double>(now_ns() - began);
        }
        return all;
    }

    /// The trials of one group, alive together. Above 0, `time_ns` is what they may take; a round
    /// they have in any case.
    std::vector<measured_turn> run_group(const cell_list& cells, int generation, int rounds,
                                         double time_ns) {
        const std::int64_t began = now_ns();
        std::vector<alive> trials = start_group(cells, generation);
        int& next = next_round_[plan().cells[cells.front()].group()];
        const double for_slices = time_ns - static_cast<double>(now_ns() - began);
        const double part_ns =
            time_ns > 0 ? most_of_fair_part * for_slices / static_cast<double>(trials.size()) : 0;
        for (int done = 0; done < rounds; ++done) {
            run_round(trials, cells, next++, part_ns);
            const round_forecast another = forecast(trials, part_ns);
            const auto took = static_cast<double>(now_ns() - began);
            if (another.slices == 0 ||
                (time_ns > 0 && took - another.overrun_ns + another.takes_ns > time_ns)) {
                break;
            }
        }
        std::vector<measured_turn> all;
        for (alive& each : trials) {
            all.push_back({each.which, finish(each, generation)});
        }
        return all;
    }

    /// Above 0, `part_ns` is the time that each trial may take of a generation.
    static bool rests(const alive& each, double part_ns) {
        if (each.failed || part_ns <= 0 || each.slices == 0) {
            return each.failed;
        }
        return each.used_ns > part_ns || (each.slices >= fewest_slices_of_part &&
                                          each.used_ns * (each.slices + 1) / each.slices > part_ns);
    }

    /// What one more round should take, and by how much trials have used more than their part so
    /// far: that is not the others' loss, who would have a single round beside a slow one.
    struct round_forecast {
        int slices = 0;
        double takes_ns = 0, overrun_ns = 0;
    };
    static round_forecast forecast(const std::vector<alive>& trials, double part_ns) {
        round_forecast another;
        for (const alive& each : trials) {
            if (part_ns > 0) {
                another.overrun_ns += std::max(0.0, each.used_ns - part_ns);
            }
            if (!rests(each, part_ns)) {
                ++another.slices;
                another.takes_ns += each.used_ns / each.slices;
            }
        }
        return another;
    }

    std::vector<alive> start_group(const cell_list& cells, int generation) {
        const std::vector<turn> order = round_order(cells, sides_.size(), plan().seed, generation);
        std::vector<alive> trials;
        try {
            for (const turn& which : order) {
                trials.push_back({which, start(which, generation)});
            }
        } catch (const std::system_error& refused) {
            if (trials.empty()) {
                throw std::runtime_error(
                    fmt::format("no trial could be started: {}", refused.what()));
            }
            throw std::runtime_error(
                fmt::format("{} of the {} trials that take turns could be started: {}; fewer "
                            "strategies or workers at a time take fewer processes",
                            trials.size(), order.size(), refused.what()));
        }
        return trials;
    }

    /// A trial whose slices take long has fewer of them.
    void run_round(std::vector<alive>& trials, const cell_list& cells, int round, double part_ns) {
        for (const turn& which : round_order(cells, sides_.size(), plan().seed, round)) {
            if (hooks_.stop) {
                throw interrupted();
            }
            const auto each = std::ranges::find(trials, which, &alive::which);
            if (rests(*each, part_ns)) {
                continue;
            }
            const cell& planned = plan().cells[which.cell];
            const std::int64_t began = now_ns();
            each->failed = !each->trial->measure(round, trial_deadline_ns(planned, 0));
            each->used_ns += static_cast<double>(now_ns() - began);
            ++each->slices;
        }
    }

    std::unique_ptr<running_trial> start(const turn& which, int generation) {
        if (hooks_.stop) {
            throw interrupted();
        }
        const study_side& side = sides_[which.side];
        const study_results& study = side.study;
        const cell& planned = study.plan.cells[which.cell];
        if (hooks_.listener != nullptr) {
            hooks_.listener->trial_begins(planned, generation);
        }
        trial_request request;
        request.planned = planned;
        request.detail = study.plan.detail;
        request.round = generation;
        request.study_seed = study.plan.seed;
        request.study_id = study.info.id;
        request.events_fd = events_lost_ ? -1 : hooks_.events_fd;
        request.pacing_spin_ns = pacing_spin_ns(study.machine);
        request.warm_up_ns = study.plan.warm_up_ns;
        return side.start(request, trial_deadline_ns(planned, request.warm_up_ns), hooks_.stop);
    }

    trial_record finish(const alive& each, int generation) {
        const study_results& study = sides_[each.which.side].study;
        const cell& planned = study.plan.cells[each.which.cell];
        trial_record record = finish_trial(*each.trial, trial_deadline_ns(planned, 0), hooks_.stop);
        record.round = generation;
        events_lost_ = events_lost_ || has_label(record.labels, label::events_lost);
        if (harness_cost(planned, study.machine) > most_harness_cost) {
            record.labels.emplace_back(label::harness_overhead);
        }
        if (hooks_.listener != nullptr) {
            hooks_.listener->trial_ends(planned, record);
        }
        return record;
    }

    /// Lets go what need not be measured any more: the cells of groups that have their answer, and
    /// those that cannot be the best.
    void dismiss(stage& generations) {
        const open_questions open = find_open_questions(first());
        std::erase_if(generations.cells,
                      [&](std::size_t cell) { return !open.cells.contains(cell); });
        for (std::size_t i = 0; i < plan().cells.size(); ++i) {
            if (!open.cells.contains(i) && measurable(i)) {
                sides_.front().study.cells[i].ended_by = study_end::decided;
            }
        }
        if (hooks_.listener != nullptr) {
            hooks_.listener->decided(open.answered, open.groups);
        }
    }

    /// Brings everything that follows from the trials up to date.
    void take_stock(const stage& generations, std::int64_t now) {
        for (std::size_t i = 0; i < sides_.size(); ++i) {
            study_results& study = sides_[i].study;
            summarise(study, before_[i], throttles_before_);
            study.info.measuring_s = static_cast<double>(now - started_) / 1e9;
            if (generations.confirms) {
                study.info.confirmation_from_round = generations.first_generation;
            }
        }
    }

    /// Why there should be no generation after these, the last of which took `last_took`; empty
    /// where there should be one.
    [[nodiscard]] std::optional<study_end> enough_generations(const stage& generations, int done,
                                                              std::int64_t so_far,
                                                              std::int64_t last_took) const {
        if (generations.cells.empty()) {
            return study_end::decided;
        }
        if (done < generations.at_least) {
            return std::nullopt;
        }
        if (!generations.confirms && plan().precision > 0 &&
            done >= hooks_.generations_before_precision &&
            std::ranges::all_of(generations.cells, [this](std::size_t cell) {
                return !measurable(cell) || precise(cell);
            })) {
            return study_end::precision;
        }
        if (generations.budget_ns > 0) {
            // One that is cut short to fit should be worth its start.
            const std::int64_t least =
                std::min(last_took, generations.budget_ns / generations.shares / 2);
            if (so_far + least > generations.budget_ns) {
                return study_end::budget;
            }
        }
        if (done == generations.at_most) {
            return study_end::rounds;
        }
        return std::nullopt;
    }

    /// The planned generations are over.
    void end(study_end why) {
        for (study_side& side : sides_) {
            side.study.info.ended_by = why;
        }
        for (std::size_t i = 0; i < plan().cells.size(); ++i) {
            if (!measurable(i)) {
                continue;
            }
            const study_end of_cell = precise(i) ? study_end::precision : why;
            for (study_side& side : sides_) {
                if (side.study.cells[i].ended_by != study_end::decided) {
                    side.study.cells[i].ended_by = of_cell;
                }
            }
        }
    }

    [[nodiscard]] bool measurable(std::size_t cell) const {
        return std::ranges::all_of(sides_, [cell](const study_side& side) {
            return side.study.cells[cell].state == status::ok;
        });
    }

    /// Side by side it is the ratio that matters.
    [[nodiscard]] bool precise(std::size_t cell) const {
        if (plan().precision <= 0) {
            return false;
        }
        const cell_result& base = first().cells[cell];
        const cell_result& candidate = sides_.back().study.cells[cell];
        if (std::cmp_less(base.trials.size(), hooks_.generations_before_precision)) {
            return false;
        }
        return sides_.size() == 1 ? precise_enough(base.planned, base.trials, plan().precision)
                                  : ratio_precise_enough(base.planned, base.trials,
                                                         candidate.trials, plan().precision);
    }

    void save() const {
        for (const study_side& side : sides_) {
            if (side.save) {
                side.save(side.study);
            }
        }
    }

    std::span<study_side> sides_;
    const study_hooks& hooks_;
    const std::int64_t started_ = now_ns();
    const std::uint64_t throttles_before_ = thermal_throttles();
    /// The warnings that each side had before the study.
    std::vector<std::vector<warning>> before_;
    bool events_lost_ = false;
    /// By group.
    std::map<std::string, int> next_round_;
};

}  // namespace

std::int64_t trial_deadline_ns(const cell& c, std::int64_t warm_up_ns) {
    // A process or a pool made for each task may cost 10 ms; two minutes of that are enough.
    const auto tasks = c.load.ends_with_window() ? 0.0 : static_cast<double>(c.load.tasks);
    const double making = std::min(tasks * 10e6, 120e9);
    const double expected = expected_slice_ns(c) + static_cast<double>(warm_up_ns);
    return static_cast<std::int64_t>(10e9 + 10 * expected + making);
}

void run_study(std::span<study_side> sides, const study_hooks& hooks) {
    running_study(sides, hooks).run();
}

study_results run_study(study_side side, const study_hooks& hooks) {
    run_study(std::span(&side, 1), hooks);
    return std::move(side.study);
}

}  // namespace stratbench
