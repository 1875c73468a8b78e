#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "harness/plan/plan.hpp"
#include "harness/results/model.hpp"

namespace stratbench {

/// Version of what harness and trial process say to each other; both refuse another one, because
/// two builds may be interleaved.
inline constexpr int trial_protocol_version = 3;

/// All that a trial process is told.
struct trial_request {
    cell what;
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
    std::unique_ptr<state> in;
};

/// What the harness tells a trial process on its standard input, a line each, after the request:
/// "measure 17" for a slice of round 17, at last "finish". The process says "ready" when the
/// strategy is warm and "done" after each slice; then, or as soon as something is wrong, it sends
/// its record and ends.
namespace trial_line {
inline constexpr const char* measure = "measure ";
inline constexpr const char* finish = "finish";
inline constexpr const char* ready = "ready";
inline constexpr const char* done = "done";
}  // namespace trial_line

/// Body of the hidden subcommand `trial`; answers on descriptor `answer_fd`. Returns the exit code.
int trial_main(int answer_fd);

}  // namespace stratbench
