#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace stratbench {

/// Cuts one stream of a worker process, and of the processes that it made, into lines, and tells
/// from the marks in between (see output_marks.hpp) whose each line is. Believes nothing: any bytes
/// give some lines, none longer than `longest_line`, from bounded memory.
///
/// Thread safety: none.
class output_lines {
  public:
    /// Bytes of the longest line that is passed on whole; a longer one comes in pieces.
    static constexpr std::size_t longest_line = 1 << 16;
    /// How many processes have their unfinished lines kept apart; with more, all are cut short.
    static constexpr std::size_t most_writers = 1024;

    struct found {
        pid_t writer = 0;
        std::optional<std::uint64_t> task;
        /// `task` is that of the worker which made the writer: the likely one.
        bool likely = false;
        std::string_view text;
    };
    using receiver = std::function<void(const found&)>;

    output_lines(pid_t worker, receiver receive_line)
        : worker_(worker), receive_line_(std::move(receive_line)) {}

    void add(pid_t writer, std::string_view bytes);
    /// Passes on the unfinished lines: the worker is gone.
    void finish();

  private:
    struct stream {
        std::string unfinished;
        std::optional<std::uint64_t> task;
    };

    void take_line(pid_t writer, stream& from, std::string_view line);
    bool obey(pid_t writer, stream& from, std::string_view mark);
    void cut(pid_t writer, stream& from);
    void pass_on(pid_t writer, const stream& from, std::string_view text);
    void pass_on_unfinished(pid_t writer, stream& from);

    pid_t worker_;
    receiver receive_line_;
    std::map<pid_t, stream> streams_;
};

}  // namespace stratbench
