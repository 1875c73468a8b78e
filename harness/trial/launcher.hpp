#pragma once

#include <atomic>
#include <cstdint>
#include <stdexcept>
#include <string>

#include "harness/trial/subordinate.hpp"
#include "harness/trial/trial.hpp"

namespace stratbench {

/// The user asked to stop while a trial ran; its tree is gone when this is thrown.
class interrupted : public std::runtime_error {
  public:
    interrupted() : std::runtime_error("interrupted") {}
};

/// Who runs a trial: a stratbench that speaks our trial_protocol_version.
struct trial_program {
    std::string path = this_program();
    /// Where what its processes print goes: never to standard output, which belongs to the result.
    int output_fd = 2;
};

/// Runs one trial in a fresh process, which leaves nothing behind however it ends: when this
/// returns or throws, its whole tree has been reaped. A trial that crashes, says nothing sensible
/// or outlasts `deadline_ns` gives a record with status::failed and the reason. Throws
/// `interrupted` within about 100 ms of `stop` becoming true, and std::system_error where no
/// process can be made.
trial_record launch_trial_by(const trial_program& program, const trial_request& request,
                             std::int64_t deadline_ns, const std::atomic<bool>& stop);

/// The same by this binary, printing to standard error.
trial_record launch_trial(const trial_request& request, std::int64_t deadline_ns,
                          const std::atomic<bool>& stop);

}  // namespace stratbench
