#pragma once

#include <cstdint>
#include <string>

#include "harness/plan/plan.hpp"
#include "harness/results/model.hpp"

namespace stratbench {

/// Version of what harness and trial process say to each other; both refuse another one, because
/// two builds may be interleaved.
inline constexpr int trial_protocol_version = 2;

/// All that a trial process is told.
struct trial_request {
    cell what;
    detail_plan detail;
    int round = 0;
    std::uint64_t study_seed = 0;
    std::string study_id = {};
    /// Open for the completion stream; -1 = none is wanted. The trial process has it under a number
    /// of its own.
    int events_fd = -1;
    /// How long before a due time a waiting front end stops sleeping and spins; nanoseconds.
    std::int64_t pacing_spin_ns = 0;
    /// Length of the unrecorded warm-up; nanoseconds.
    std::int64_t warm_up_ns = 100'000'000;
};

/// Runs one trial in this process, which should be a fresh one: confines it to the cell's CPUs,
/// starts the strategy, warms up, opens the window, drains, checks every value. What goes wrong
/// with the strategy is a record with status::failed, not an exception.
trial_record run_trial(const trial_request& request);

/// Body of the hidden subcommand `trial`: reads a request from standard input, writes the record to
/// descriptor `record_fd`. Returns the exit code.
int trial_main(int record_fd);

}  // namespace stratbench
