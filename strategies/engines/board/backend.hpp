#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/descriptor.hpp"
#include "harness/base/process/child_process.hpp"
#include "strategies/contract/strategy.hpp"
#include "strategies/contract/window_ahead.hpp"
#include "strategies/engines/board/control.hpp"
#include "strategies/engines/pool/output_lines.hpp"

namespace stratbench {

/// Descriptors that a backend finds open.
namespace backend_fd {
inline constexpr int board = 3;
inline constexpr int control = 4;
}  // namespace backend_fd

/// How a backend is started, and what it is called when it is spoken of.
struct backend_command {
    std::string name;
    /// The first is the path of the program.
    std::vector<std::string> arguments;
};

/// A program that executes tasks from a board, in a session of its own, and the conversation with
/// it. What it prints is read while something is awaited of it, and passed on as lines; in between
/// it would wait.
///
/// Whatever it does wrong is a std::runtime_error of one line; after that it can only be ended.
///
/// Thread safety: none.
class backend {
  public:
    /// Starts it and waits until it is ready. `board` is the descriptor of the board. Throws also
    /// std::system_error where the system refuses.
    backend(const backend_command& command, int board, const start_options& options);
    backend(const backend&) = delete;
    backend& operator=(const backend&) = delete;
    /// Ends it at once where end() has not.
    ~backend();

    /// Tells it a line and waits for the answer `expected`; `patience_ns` for ever if never_ns.
    void ask(std::string_view line, std::string_view expected, std::int64_t patience_ns);

    /// Tells it to stop and waits for its end for 2 s. Whatever is left of its process group is
    /// ended. Throws std::runtime_error, when that is done, where it did not end by itself.
    void end();

    /// As it has said in its hello.
    [[nodiscard]] sum_order floats() const { return floats_; }

  private:
    /// A time that is long for a start, on a machine that is busy with others.
    static constexpr std::int64_t starting_ns = 30'000'000'000;
    static constexpr std::int64_t ending_ns = 5'000'000'000;

    enum class heard { line, ended, closed, nothing };

    void await(std::string_view expected, std::int64_t patience_ns);
    void check(const backend_line& line, std::string_view expected);
    heard listen(std::int64_t until_ns, std::string& line);
    void reap();
    [[noreturn]] void fail(const std::string& how);

    std::string name_;
    process_ledger* ledger_;
    output_sink& sink_;
    control_stream control_;
    descriptor output_;
    child_process process_;
    output_lines lines_;
    std::vector<char> buffer_;
    /// When it was told something last, or started.
    std::int64_t told_ns_ = 0;
    int wait_status_ = 0;
    sum_order floats_ = sum_order::left_to_right;
};

}  // namespace stratbench
