#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "harness/results/model.hpp"
#include "harness/stats/precision.hpp"
#include "harness/study/progress.hpp"
#include "harness/trial/launcher.hpp"

namespace stratbench {

/// How one trial is run; `launch_trial`, or a fake in tests.
using trial_launcher = std::function<trial_record(const trial_request&, std::int64_t deadline_ns,
                                                  const std::atomic<bool>& stop)>;

/// A build that is measured. A study has one, or two side by side: the base and the new one.
struct study_side {
    /// Identity, plan, machine and warnings when the study begins; the cells come from it.
    study_results study;
    trial_launcher launch = launch_trial;
    /// Called with all finished rounds after each of them, and once more when the study was
    /// interrupted after at least one; may be empty.
    std::function<void(const study_results&)> save = {};
};

/// What a study needs from outside.
struct study_surroundings {
    /// May be null.
    progress* told = nullptr;
    /// Open for the completion stream; -1 = none is wanted. No more is written to it after a write
    /// has failed.
    int events_fd = -1;
    /// Rounds before which nobody asks whether the figures are precise enough.
    int rounds_before_precision = stats::rounds_before_stopping;
    /// Which cells look so bad, now that the rounds are over, that fresh rounds must confirm it;
    /// indices into the plan. May be empty: then none does.
    std::function<std::vector<std::size_t>(std::span<const study_side>)> doubted = {};
    /// Becomes true when the user wants to stop.
    const std::atomic<bool>& stop;
};

/// Below so many fresh rounds nothing can be confirmed.
inline constexpr int fewest_confirming_rounds = 6;
/// What the budget keeps for them, as a part of it. Where nothing is to be confirmed, the study is
/// over so much earlier.
inline constexpr double budget_for_confirming = 0.2;

/// One trial of a round.
struct turn {
    std::size_t cell = 0, side = 0;

    bool operator==(const turn&) const = default;
};

/// The order of a round's trials, each of these cells once on each of so many sides: shuffled
/// afresh for every round, the same for the same seed.
std::vector<turn> round_order(std::span<const std::size_t> cells, std::size_t sides,
                              std::uint64_t seed, int round);

/// Longer than a trial of this cell should take; nanoseconds. A trial that is killed at it hung, or
/// was given more tasks than its strategy can do in minutes (a process for each of a million).
std::int64_t trial_deadline_ns(const cell& c, std::int64_t warm_up_ns);

/// The cells of a plan before their first trial.
std::vector<cell_result> unmeasured(const study_plan& plan);

/// Rounds of which every cell that is not skipped has its trial; those that confirm count as well,
/// though only some cells have them.
int finished_rounds(const study_results& study);

/// Runs rounds until the plan has enough of them, fills in cells and the time it took, and adds to
/// the warnings what was seen. Every round runs each cell once on every side. A trial that fails
/// makes its cell failed and the study goes on. When the user stops it, only whole rounds are kept
/// (a cell must not have more trials than its rivals) and `ended_by` says so. Throws
/// std::system_error where no process can be made.
///
/// Then as many fresh rounds of the cells that are doubted, if the budget has time for them, but at
/// least fewest_confirming_rounds: they count on from the others, so that orders and arrivals are
/// fresh too.
///
/// Precondition: at least one side; all have the same cells, in the same plan.
void run_study(std::span<study_side> sides, const study_surroundings& around);

/// The same of one build.
study_results run_study(study_side side, const study_surroundings& around);

}  // namespace stratbench
