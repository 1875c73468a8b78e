#pragma once

#include <string>
#include <string_view>

namespace stratbench {

/// Writes lines that nothing may wait for: to a disk that may fill up, to a pipe whose reader may
/// be slow or leave. The first failure is the last: what was written ends behind a whole line,
/// where that can be done, and nothing is written any more.
///
/// Thread safety: none. SIGPIPE must not end the process.
class line_writer {
  public:
    /// Writes to `fd`, which it does not own. See output::open_for_lines().
    explicit line_writer(int fd) noexcept : fd_(fd) {}

    /// Whole lines. Waits for the reader of a pipe, but gives up one that does not read for 5 s.
    void put(std::string_view lines);

    /// Empty, or why lines are missing.
    [[nodiscard]] const std::string& failure() const noexcept { return failure_; }
    /// They are missing because the reader has left.
    [[nodiscard]] bool reader_left() const noexcept { return reader_left_; }

  private:
    int fd_;
    std::string failure_;
    bool reader_left_ = false;
};

}  // namespace stratbench
