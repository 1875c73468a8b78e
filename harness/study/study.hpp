#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <vector>

#include "harness/results/model.hpp"
#include "harness/study/progress.hpp"
#include "harness/trial/launcher.hpp"

namespace stratbench {

/// How one trial is run; `launch_trial`, or a fake in tests.
using trial_launcher = std::function<trial_record(const trial_request&, std::int64_t deadline_ns,
                                                  const std::atomic<bool>& stop)>;

/// What a study needs from outside.
struct study_surroundings {
    trial_launcher launch = launch_trial;
    /// Called with all finished rounds after each of them, and once more when the study was
    /// interrupted after at least one; may be empty.
    std::function<void(const study_results&)> save;
    /// May be null.
    progress* told = nullptr;
    /// Open for the completion stream; -1 = none is wanted. No more is written to it after a write
    /// has failed.
    int events_fd = -1;
    /// Becomes true when the user wants to stop.
    const std::atomic<bool>& stop;
};

/// The order of a round's trials: indices into plan.cells of those that are not skipped, shuffled
/// afresh for every round, the same for the same seed.
std::vector<std::size_t> round_order(const study_plan& plan, int round);

/// Longer than a trial of this cell should take; nanoseconds. A trial that is killed at it hung, or
/// was given more tasks than its strategy can do in minutes (a process for each of a million).
std::int64_t trial_deadline_ns(const cell& c, std::int64_t warm_up_ns);

/// Rounds of which every cell that is not skipped has its trial.
int finished_rounds(const study_results& study);

/// Runs rounds until `study.plan` has enough of them, fills in cells and the time it took, and adds
/// to the warnings what was seen. A trial that fails makes its cell failed and the study goes on.
/// When the user stops it, only whole rounds are kept (a cell must not have more trials than its
/// rivals) and `ended_by` says so. Throws std::system_error where no process can be made.
study_results run_study(study_results study, const study_surroundings& around);

}  // namespace stratbench
