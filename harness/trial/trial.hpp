#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "harness/model/plan.hpp"
#include "harness/model/results.hpp"

namespace stratbench {

/// All that a trial process is told.
struct trial_request {
    cell planned;
    detail_plan detail;
    /// The generation that the trial belongs to.
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

/// A trial in this process, which should be a fresh one. Between two slices its whole tree sleeps.
class trial {
  public:
    /// Confines this process to the cell's CPUs, starts the strategy and warms it up. Throws where
    /// either goes wrong. `request` outlives this.
    explicit trial(const trial_request& request);
    trial(const trial&) = delete;
    trial& operator=(const trial&) = delete;
    ~trial();

    /// One slice: lead-in, window, drain; then every task is accounted for and every value checked.
    /// False where one of them is wrong: the trial has failed.
    bool measure(int round);
    /// Stops the strategy. What goes wrong with it is a record with status::failed, not an
    /// exception.
    trial_record finish();

  private:
    class state;
    std::unique_ptr<state> in_;
};

}  // namespace stratbench
