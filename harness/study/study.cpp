#include "harness/study/study.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "harness/base/clock.hpp"
#include "harness/base/hash.hpp"
#include "harness/judge/harness_cost.hpp"
#include "harness/judge/precision.hpp"
#include "harness/judge/ranking.hpp"
#include "harness/judge/sanity.hpp"
#include "harness/judge/summarise.hpp"
#include "harness/measure/machine_cpu.hpp"
#include "harness/model/labels.hpp"
#include "harness/plan/build_plan.hpp"
#include "harness/plan/request.hpp"
#include "harness/study/environment.hpp"
#include "harness/study/warnings.hpp"

namespace stratbench {
namespace {

void set_label(cell_result& cell, std::string_view label, bool on) {
    std::erase(cell.labels, label);
    if (on) {
        cell.labels.emplace_back(label);
    }
}

void add_trial(cell_result& cell, trial_record record) {
    if (record.state == status::failed && cell.state != status::failed) {
        cell.state = status::failed;
        cell.reason = record.reason;
    }
    cell.trials.push_back(std::move(record));
}

/// A trial rests for the rest of its generation when it has used so many times its fair part of the
/// time, and has had so many slices.
constexpr double most_of_fair_part = 1.5;
constexpr int fewest_slices_of_part = 2;

/// What the trials' labels say about their cell, in the order of the closed list.
std::vector<std::string> labels_of(const std::vector<trial_record>& trials) {
    std::vector<std::string> found;
    for (const label_entry& entry : labels()) {
        const auto having =
            static_cast<std::size_t>(std::ranges::count_if(trials, [&](const trial_record& trial) {
                return has_label(trial.labels, entry.name);
            }));
        if (needs_majority(entry.name) ? 2 * having > trials.size() : having > 0) {
            found.emplace_back(entry.name);
        }
    }
    return found;
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

/// A study while it runs: its stages, one after the other.
class running_study {
  public:
    running_study(std::span<study_side> measured, const study_hooks& from_outside)
        : sides_(measured), hooks_(from_outside) {
        for (study_side& side : sides_) {
            before_.push_back(side.study.warnings);
            side.study.cells = unmeasured(side.study.plan);
        }
    }

    void run() {
        try {
            run(planned());
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

    [[nodiscard]] int planned_generations() const {
        if (plan().rounds == most_rounds) {
            return most_rounds;
        }
        return plan().generations > 0 ? std::min(plan().generations, plan().rounds) : plan().rounds;
    }

    /// Nobody has said how many rounds it should be, nor how precise.
    [[nodiscard]] bool ends_when_answered() const {
        return plan().rounds == most_rounds && plan().precision <= 0;
    }

    [[nodiscard]] stage planned() const {
        stage all{.cells = {}, .sides = sides_.size(), .at_most = planned_generations()};
        all.shares = std::max(1, plan().generations);
        for (std::size_t i = 0; i < plan().cells.size(); ++i) {
            if (plan().cells[i].skip_reason.empty()) {
                all.cells.push_back(i);
            }
        }
        const double part = hooks_.select_for_confirmation ? 1 - budget_for_confirming : 1;
        all.budget_ns = static_cast<std::int64_t>(part * static_cast<double>(plan().budget_ns));
        if (plan().budget_ns > 0) {
            all.budget_ns = std::max<std::int64_t>(all.budget_ns, 1);
        }
        return all;
    }

    /// Without cells where there is nothing to confirm.
    [[nodiscard]] stage confirming() const {
        const int finished = finished_generations(first());
        stage fresh{.cells = {},
                    .sides = sides_.size(),
                    .first_generation = finished,
                    .at_least = fewest_confirming_generations,
                    .at_most = std::max(fewest_confirming_generations, finished),
                    .confirms = true};
        fresh.shares = fewest_confirming_generations;
        if (hooks_.select_for_confirmation) {
            fresh.cells = hooks_.select_for_confirmation(sides_);
        }
        if (plan().budget_ns > 0) {
            fresh.budget_ns = std::max<std::int64_t>(1, plan().budget_ns - (now_ns() - started_));
        }
        return fresh;
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
            const std::int64_t candidate = now_ns();
            take_stock(generations, candidate);
            if (ends_when_answered() && !generations.confirms && sides_.size() == 1 &&
                done >= generations_before_answers) {
                dismiss(generations);
            }
            const std::optional<study_end> enough =
                enough_generations(generations, done, candidate - stage_began, candidate - began);
            if (enough && !generations.confirms) {
                end(*enough);
            }
            save();
            if (enough) {
                break;
            }
        }
    }

    /// Cells of one group follow each other; groups are in an order of this generation's own.
    [[nodiscard]] std::vector<cell_list> groups_of(const cell_list& cells, int generation) const {
        std::vector<cell_list> groups;
        std::map<std::string, std::size_t> known;
        for (const std::size_t i : cells) {
            const auto [found, fresh] = known.emplace(plan().cells[i].group(), groups.size());
            if (fresh) {
                groups.emplace_back();
            }
            groups[found->second].push_back(i);
        }
        std::vector<cell_list> shuffled;
        cell_list positions(groups.size());
        for (std::size_t i = 0; i < positions.size(); ++i) {
            positions[i] = i;
        }
        for (const turn& each : round_order(positions, 1, plan().seed, generation)) {
            shuffled.push_back(std::move(groups[each.cell]));
        }
        return shuffled;
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
        const std::vector<cell_list> groups = groups_of(generations.cells, generation);
        auto groups_left = static_cast<double>(groups.size());
        std::vector<measured_turn> all;
        for (const cell_list& group : groups) {
            const std::int64_t began = now_ns();
            const double share = left_ns / groups_left--;
            for (measured_turn& each :
                 run_group(group, generation, rounds_of(generations, group, index),
                           generations.budget_ns > 0 ? std::max(1.0, share) : 0)) {
                all.push_back(std::move(each));
            }
            left_ns -= static_cast<double>(now_ns() - began);
        }
        return all;
    }

    /// How many rounds a group has in a generation at most.
    [[nodiscard]] int rounds_of(const stage& generations, const cell_list& group, int index) const {
        if (plan().cells[group.front()].load.tells_a_story()) {
            return 1;
        }
        if (plan().rounds == most_rounds) {
            return most_rounds_of_generation;
        }
        const int of = planned_generations();
        if (generations.confirms) {
            return std::max(1, plan().rounds / of);
        }
        return plan().rounds / of + (index < plan().rounds % of ? 1 : 0);
    }

    /// The trials of one group, alive together. Above 0, `time_ns` is what they may take; a round
    /// they have in any case.
    std::vector<measured_turn> run_group(const cell_list& cells, int generation, int rounds,
                                         double time_ns) {
        const std::int64_t began = now_ns();
        std::vector<alive> trials;
        for (const turn& which : round_order(cells, sides_.size(), plan().seed, generation)) {
            trials.push_back({which, start(which, generation)});
        }
        int& next = next_round_[plan().cells[cells.front()].group()];
        const double for_slices = time_ns - static_cast<double>(now_ns() - began);
        const double part_ns =
            time_ns > 0 ? most_of_fair_part * for_slices / static_cast<double>(trials.size()) : 0;
        for (int done = 0; done < rounds; ++done) {
            const std::int64_t round_began = now_ns();
            run_round(trials, cells, next++, part_ns);
            const std::int64_t candidate = now_ns();
            const auto took = static_cast<double>(candidate - round_began);
            if (time_ns > 0 && static_cast<double>(candidate - began) + took > time_ns) {
                break;
            }
        }
        std::vector<measured_turn> all;
        for (alive& each : trials) {
            all.push_back({each.which, finish(each, generation)});
        }
        return all;
    }

    /// A trial whose slices take long has fewer of them: above 0, `part_ns` is the time that each
    /// may take of a generation.
    void run_round(std::vector<alive>& trials, const cell_list& cells, int round, double part_ns) {
        for (const turn& which : round_order(cells, sides_.size(), plan().seed, round)) {
            if (hooks_.stop) {
                throw interrupted();
            }
            const auto each = std::ranges::find(trials, which, &alive::which);
            if (each->failed || (part_ns > 0 && each->slices >= fewest_slices_of_part &&
                                 each->used_ns * (each->slices + 1) / each->slices > part_ns)) {
                continue;
            }
            const cell& what = plan().cells[which.cell];
            const std::int64_t began = now_ns();
            each->failed = !each->trial->measure(round, trial_deadline_ns(what, 0));
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
        const cell& what = study.plan.cells[which.cell];
        if (hooks_.listener != nullptr) {
            hooks_.listener->trial_begins(what, generation);
        }
        trial_request request;
        request.planned = what;
        request.detail = study.plan.detail;
        request.round = generation;
        request.study_seed = study.plan.seed;
        request.study_id = study.info.id;
        request.events_fd = events_lost_ ? -1 : hooks_.events_fd;
        request.pacing_spin_ns = pacing_spin_ns(study.machine);
        request.warm_up_ns = study.plan.warm_up_ns;
        return side.start(request, trial_deadline_ns(what, request.warm_up_ns), hooks_.stop);
    }

    trial_record finish(const alive& each, int generation) {
        const study_results& study = sides_[each.which.side].study;
        const cell& what = study.plan.cells[each.which.cell];
        trial_record record = each.trial->finish(trial_deadline_ns(what, 0));
        // A terminal's Ctrl-C reaches the trial process as well.
        if (hooks_.stop && record.state == status::failed) {
            throw interrupted();
        }
        record.round = generation;
        events_lost_ = events_lost_ || has_label(record.labels, label::events_lost);
        if (harness_cost(what, study.machine) > most_harness_cost) {
            record.labels.emplace_back(label::harness_overhead);
        }
        if (hooks_.listener != nullptr) {
            hooks_.listener->trial_ends(what, record);
        }
        return record;
    }

    /// Whether more tasks would give a load with a rate the p99 that is refused so far.
    static bool lacks_its_tail(const cell_result& cell) {
        const auto& latency = cell.summary.latency_ns;
        return cell.planned.load.has_rate() && latency && !latency->p99.refused.empty();
    }

    /// Lets go what need not be measured any more: the cells of groups that have their answer, and
    /// those that cannot be the best.
    void dismiss(stage& generations) {
        std::set<std::size_t> needed;
        std::size_t groups = 0, answered = 0;
        for (const ranked_group& group : rank(first(), while_measuring)) {
            if (!group.is_primary) {
                continue;
            }
            ++groups;
            const bool open =
                group.answer.state == answer_state::undecided ||
                (group.answer.state == answer_state::none &&
                 std::ranges::any_of(group.entries, &ranked_group::entry::may_be_best));
            if (!open) {
                ++answered;
            }
            for (const ranked_group::entry& entry : group.entries) {
                if ((open && entry.may_be_best) ||
                    (entry.cell->state == status::ok && lacks_its_tail(*entry.cell))) {
                    needed.insert(static_cast<std::size_t>(entry.cell->planned.index));
                }
            }
        }
        std::erase_if(generations.cells, [&](std::size_t cell) { return !needed.contains(cell); });
        for (std::size_t i = 0; i < plan().cells.size(); ++i) {
            if (!needed.contains(i) && measurable(i)) {
                sides_.front().study.cells[i].ended_by = study_end::decided;
            }
        }
        if (hooks_.listener != nullptr) {
            hooks_.listener->decided(answered, groups);
        }
    }

    /// Brings everything that follows from the trials up to date.
    void take_stock(const stage& generations, std::int64_t candidate) {
        for (std::size_t i = 0; i < sides_.size(); ++i) {
            study_results& study = sides_[i].study;
            summarise(study, before_[i], throttles_before_);
            study.info.measuring_s = static_cast<double>(candidate - started_) / 1e9;
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
    /// Of each side.
    std::vector<std::vector<warning>> before_;
    bool events_lost_ = false;
    /// By group.
    std::map<std::string, int> next_round_;
};

}  // namespace

std::vector<turn> round_order(std::span<const std::size_t> cells, std::size_t sides,
                              std::uint64_t seed, int round) {
    const std::uint64_t of_round = mix64(seed, static_cast<std::uint64_t>(round));
    // Fisher-Yates. Our own draws, because std::shuffle's differ between standard libraries.
    const auto shuffle = [of_round](auto& all, std::uint64_t salt) {
        for (std::size_t left = all.size(); left > 1; --left) {
            std::swap(all[left - 1], all[mix64(of_round, mix64(salt, left)) % left]);
        }
    };
    std::vector<std::size_t> shuffled(cells.begin(), cells.end());
    shuffle(shuffled, 0);
    std::vector<turn> order;
    for (const std::size_t cell : shuffled) {
        std::vector<turn> of_cell;
        for (std::size_t side = 0; side < sides; ++side) {
            of_cell.push_back({cell, side});
        }
        shuffle(of_cell, cell + 1);
        order.insert(order.end(), of_cell.begin(), of_cell.end());
    }
    return order;
}

std::int64_t trial_deadline_ns(const cell& c, std::int64_t warm_up_ns) {
    // A process or a pool made for each task may cost 10 ms; two minutes of that are enough.
    const auto tasks = c.load.ends_with_window() ? 0.0 : static_cast<double>(c.load.tasks);
    const double making = std::min(tasks * 10e6, 120e9);
    const double expected = expected_slice_ns(c) + static_cast<double>(warm_up_ns);
    return static_cast<std::int64_t>(10e9 + 10 * expected + making);
}

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

void run_study(std::span<study_side> sides, const study_hooks& around) {
    running_study(sides, around).run();
}

study_results run_study(study_side side, const study_hooks& around) {
    run_study(std::span(&side, 1), around);
    return std::move(side.study);
}

}  // namespace stratbench
