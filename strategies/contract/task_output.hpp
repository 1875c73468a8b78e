#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace stratbench {

/// A line that a task, or the worker that executes it, has printed.
struct output_line {
    /// The seat of the worker process, from 0. Absent where each task has a process of its own, and
    /// where tasks are executed by the trial's own process.
    std::optional<std::size_t> worker = std::nullopt;
    /// The process that printed it; 0 = this one.
    pid_t process = 0;
    /// The task's id.
    std::optional<std::uint64_t> task = std::nullopt;
    /// The task is only the likely one: the one that the worker seemed to execute.
    bool likely = false;
    /// Any bytes but a newline.
    std::string_view text = {};
};

/// Where lines go. Thread safety: any thread, also several at once.
class output_sink {
  public:
    output_sink() = default;
    output_sink(const output_sink&) = delete;
    output_sink& operator=(const output_sink&) = delete;
    virtual ~output_sink() = default;

    virtual void line(const output_line& printed) noexcept = 0;
};

/// A line with its label, as one line of text without control characters:
/// `[pool_map worker 1 task 42] text`; `task ~42` where it is only the likely one. What is not
/// printable UTF-8 is written as `\x1b`.
std::string labelled_text(std::string_view strategy, const output_line& printed);

/// Writes lines, labelled with the strategy's name, to a descriptor, each with one write. On a
/// terminal it first clears the line on which a progress bar may stand.
///
/// A flood ends: of what comes after the first `most_bytes` nothing is written, and the destructor
/// says how much that was. So is a line that the descriptor does not take.
class labelled_output final : public output_sink {
  public:
    static constexpr std::uint64_t most_bytes = std::uint64_t{16} << 20;

    /// Writes to `fd`, which it does not own; `name` is the strategy's.
    labelled_output(int fd, std::string name);
    ~labelled_output() override;

    void line(const output_line& printed) noexcept override;

  private:
    bool write(const std::string& text) noexcept;

    int fd_;
    std::string name_;
    std::string before_each_;

    std::mutex mutex_;
    std::uint64_t written_bytes_ = 0;
    std::uint64_t dropped_lines_ = 0;
    std::uint64_t dropped_bytes_ = 0;
};

/// The sink where no other is wanted: standard error, labels without a strategy's name.
output_sink& standard_error_output();

}  // namespace stratbench
