#pragma once

#include <atomic>
#include <cstdint>
#include <stdexcept>

#include "harness/trial/trial.hpp"

namespace stratbench {

/// The user asked to stop while a trial ran; its tree is gone when this is thrown.
class interrupted : public std::runtime_error {
  public:
    interrupted() : std::runtime_error("interrupted") {}
};

/// Runs one trial in a fresh process of this binary, which leaves nothing behind however it ends:
/// when this returns or throws, its whole tree has been reaped. A trial that crashes, says nothing
/// sensible or outlasts `deadline_ns` gives a record with status::failed and the reason. Throws
/// `interrupted` within about 100 ms of `stop` becoming true, and std::system_error where no
/// process can be made.
///
/// What the trial's processes print goes to `output_fd`, or to standard error: never to standard
/// output, which belongs to the result.
trial_record launch_trial_printing_to(int output_fd, const trial_request& request,
                                      std::int64_t deadline_ns, const std::atomic<bool>& stop);
trial_record launch_trial(const trial_request& request, std::int64_t deadline_ns,
                          const std::atomic<bool>& stop);

}  // namespace stratbench
