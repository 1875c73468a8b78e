#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "harness/base/files/line_writer.hpp"
#include "harness/trial/trial.hpp"
#include "harness/trial/window.hpp"

namespace stratbench {

/// Every completion of a window as a line of JSON, written while the window is open: which study,
/// cell, round and task, what became of it, and its instants in nanoseconds from the window's
/// start, each absent where it is not known. A line is written within about 20 ms of the
/// completion, and never a part of one.
///
/// The measured threads leave a note of 24 bytes for a task that is accepted and of 48 for one that
/// ends; a thread of its own makes lines of them. Thread safety: as window_listener.
class event_stream final : public window_listener {
  public:
    /// Writes to the open descriptor `request.events_fd`, which outlives this.
    event_stream(const trial_request& request, int round);
    event_stream(const event_stream&) = delete;
    event_stream& operator=(const event_stream&) = delete;
    ~event_stream() override { finish(); }

    /// Makes the thread. `of` opens later and outlives this.
    void begin(const window& source);
    void accepted(std::uint64_t id, std::int64_t due_ns, std::int64_t at_ns) override;
    void ended(const completion& done, std::int64_t at_ns) override;

    /// Writes what is left and ends the thread. Empty, or why the lines of some completions are
    /// missing. Idempotent.
    const std::string& finish();

  private:
    struct acceptance_note {
        std::int64_t due_ns;
        std::int64_t at_ns;
    };
    struct ending_note {
        completion done;
        std::int64_t at_ns;
    };

    void write_lines();
    void write(const std::vector<ending_note>& ended);

    const std::string beginning_of_line_;
    const window* source_ = nullptr;

    std::mutex mutex_;
    std::condition_variable finishing_;
    bool finished_ = false;
    std::vector<acceptance_note> fresh_acceptances_;
    std::vector<ending_note> fresh_endings_;

    /// The thread's own, until it has ended.
    std::vector<acceptance_note> begun_;  ///< by task id
    line_writer lines_;
    std::jthread thread_;
};

}  // namespace stratbench
