#pragma once

#include "harness/model/results.hpp"
#include "harness/trial/durations.hpp"
#include "harness/trial/window.hpp"

namespace stratbench {

/// What single tasks of one window, or of several, say.
struct window_durations {
    durations latency, service;
    /// accepted - due of the tasks for which the front end was already waiting.
    durations pacing;
};

/// What a closed window says: counts, throughput, latency, service, phases, front end.
/// `returned_ns` is when the strategy's run returned. Fills the corresponding fields of `into`, and
/// its status where a task vanished or ended twice; adds what single tasks say to `times`. Tasks
/// that are due in the lead-in are counted and stand in no latency.
void analyse_window(window& measured, const cell& planned, std::int64_t returned_ns,
                    trial_record& into, window_durations& times);

/// Fills in the figures that `times` come to.
void put(const window_durations& times, trial_record& into);

/// Analyses a single window and fills in the figures that its durations come to.
void analyse_window(window& measured, const cell& planned, std::int64_t returned_ns,
                    trial_record& into);

}  // namespace stratbench
