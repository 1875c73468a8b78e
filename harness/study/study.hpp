#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "harness/judge/precision.hpp"
#include "harness/launch/launcher.hpp"
#include "harness/model/results.hpp"
#include "harness/study/progress.hpp"
#include "harness/study/study_record.hpp"

namespace stratbench {

/// A build that is measured. A study has one, or two side by side: the base and the new one.
struct study_side {
    /// Identity, plan, machine and warnings when the study begins; the cells come from it.
    study_results study;
    trial_starter start = start_trial;
    /// Called with all finished generations after each of them, and once more when the study was
    /// interrupted after at least one; may be empty.
    std::function<void(const study_results&)> save = {};
};

/// What a study needs from outside.
struct study_hooks {
    /// May be null.
    progress* listener = nullptr;
    /// Open for the completion stream; -1 = none is wanted. No more is written to it after a write
    /// has failed.
    int events_fd = -1;
    /// The precision is not checked before this many generations.
    int generations_before_precision = generations_before_stopping;
    /// Which cells look so bad, now that all is measured, that fresh generations must confirm it;
    /// indices into the plan. May be empty: then none does.
    std::function<std::vector<std::size_t>(std::span<const study_side>)> select_for_confirmation =
        {};
    /// Becomes true when the user wants to stop.
    const std::atomic<bool>& stop;
};

/// Generations before which no cell leaves a study that ends when its questions are answered.
inline constexpr int generations_before_answers = 3;

/// Longer than one slice of this cell should take, start-up and warm-up included; nanoseconds. A
/// trial that is killed at it hung, or was given more tasks than its strategy can do in minutes (a
/// process for each of a million).
std::int64_t trial_deadline_ns(const cell& c, std::int64_t warm_up_ns);

/// Runs generations until the plan has enough of them, fills in cells and the time it took, and
/// adds to the warnings what was seen. A generation runs one trial of each cell on every side. All
/// trials of a group of cells are alive together and take turns, a slice each, round after round
/// (see decision 0016). A trial that fails makes its cell failed and the study goes on. When the
/// user stops it, only whole generations are kept (a cell must not have more trials than its
/// rivals) and `ended_by` says so. Throws std::runtime_error where the system has no processes for
/// all trials of a group; what was saved before stays.
///
/// A plan without a fixed number of rounds and without a precision ends when every group has its
/// answer: a group that has one leaves, and so does a cell that cannot be the best of its group.
///
/// Then as many fresh generations of the cells that are doubted, if the budget has time for them,
/// but at least fewest_confirming_generations: they count on from the others, so that orders and
/// arrivals are fresh too.
///
/// Precondition: at least one side; all have the same cells, in the same plan.
void run_study(std::span<study_side> sides, const study_hooks& hooks);

/// Runs a study of one build; gives its results.
study_results run_study(study_side side, const study_hooks& hooks);

}  // namespace stratbench
