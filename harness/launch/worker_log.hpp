#pragma once

#include <stop_token>
#include <string>
#include <string_view>
#include <thread>

#include "harness/base/descriptor.hpp"
#include "harness/base/files/line_writer.hpp"
#include "harness/base/files/output.hpp"

namespace stratbench {

/// What trials print, on its way to an output. They print into a pipe that a thread of ours
/// empties, whatever becomes of the output: no trial fails because a disk is full, and none waits
/// for a reader that does not come back.
///
/// Thread safety: none.
class worker_log {
  public:
    /// Empties the output, which outlives this. Throws usage_error, and std::system_error where
    /// there are no descriptors or no thread for it.
    explicit worker_log(const output& place);
    worker_log(const worker_log&) = delete;
    worker_log& operator=(const worker_log&) = delete;
    ~worker_log() { finish(); }

    /// Where trials print.
    [[nodiscard]] int fd() const noexcept { return into_.get(); }
    /// A line of our own, between theirs.
    void say(std::string_view line);

    /// No trial is left: writes what they have printed. Empty, or why lines are missing; that the
    /// reader of a standard stream has left is no reason. Idempotent.
    const std::string& finish();

  private:
    void pass_on_lines(const std::stop_token& told);
    void pass_on(std::string_view printed);

    const bool reader_may_leave_;
    descriptor to_;
    /// Clears the line on which a progress bar may stand, where it is a terminal.
    const std::string before_each_;
    descriptor from_, into_, finishing_;

    /// The thread's own, until it has ended.
    line_writer lines_;
    std::string unfinished_;
    std::string failure_;
    std::jthread thread_;
};

}  // namespace stratbench
