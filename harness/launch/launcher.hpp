#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>

#include "harness/launch/subordinate.hpp"
#include "harness/trial/trial.hpp"

namespace stratbench {

/// The user asked to stop while a trial ran.
class interrupted : public std::runtime_error {
  public:
    interrupted() : std::runtime_error("interrupted") {}
};

/// A trial that waits to be told to measure. It leaves nothing behind however it ends: when it has
/// been destroyed, its whole tree has been reaped. One that crashes, says nothing sensible or
/// outlasts a deadline gives a record with status::failed and the reason.
///
/// `measure` and `finish` throw `interrupted` within about 100 ms of the user's wish to stop.
class running_trial {
  public:
    running_trial() = default;
    running_trial(const running_trial&) = delete;
    running_trial& operator=(const running_trial&) = delete;
    virtual ~running_trial() = default;

    /// One slice. False where there will be no other, because the trial has failed.
    virtual bool measure(int round, std::int64_t deadline_ns) = 0;
    /// Called once, at last.
    virtual trial_record finish(std::int64_t deadline_ns) = 0;
};

/// How a trial is started; `start_trial`, or a fake in tests. `stop` outlives the trial. Throws
/// `interrupted`, and std::system_error where no process can be made. One that could not be started
/// by `deadline_ns` is a trial that has failed.
using trial_starter = std::function<std::unique_ptr<running_trial>(
    const trial_request&, std::int64_t deadline_ns, const std::atomic<bool>& stop)>;

/// Who runs a trial: a stratbench that speaks our trial_protocol_version.
struct trial_program {
    std::string path = this_program();
    /// Where what its processes print goes: never to standard output, which belongs to the result.
    int output_fd = 2;
};

/// Starts a trial in a fresh process and returns when its strategy is warm.
std::unique_ptr<running_trial> start_trial_by(const trial_program& program,
                                              const trial_request& request,
                                              std::int64_t deadline_ns,
                                              const std::atomic<bool>& stop);

/// Starts a trial by this binary, printing to standard error.
std::unique_ptr<running_trial> start_trial(const trial_request& request, std::int64_t deadline_ns,
                                           const std::atomic<bool>& stop);

/// Finishes a trial. A terminal's Ctrl-C reaches the trial process as well: one that has failed
/// after the user's wish to stop throws `interrupted` instead of giving a record.
trial_record finish_trial(running_trial& running, std::int64_t deadline_ns,
                          const std::atomic<bool>& stop);

/// Runs a trial of a single slice, that of round `request.round`; start, slice and end have so much
/// time each.
trial_record run_trial(const trial_starter& start, const trial_request& request,
                       std::int64_t deadline_ns, const std::atomic<bool>& stop);

/// Runs a trial of a single slice in a fresh process of this binary.
trial_record launch_trial(const trial_request& request, std::int64_t deadline_ns,
                          const std::atomic<bool>& stop);

}  // namespace stratbench
