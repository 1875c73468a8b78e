#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/base/descriptor.hpp"
#include "strategies/contract/window_ahead.hpp"

namespace stratbench {

/// What a backend says, in one line: `{"say":"hello","now_ns":123,...}`.
struct backend_line {
    std::string say;
    /// Its clock.
    std::int64_t now_ns = 0;
    /// Of a hello.
    std::uint32_t protocol = 0;
    sum_order floats = sum_order::left_to_right;
    /// Of a `cannot`: why.
    std::string why = {};
};

/// Throws std::runtime_error, with a text of one line, on anything else.
backend_line parse_backend_line(std::string_view text);

/// Our end of the stream of lines between a strategy and its backend. Believes nothing.
///
/// Thread safety: none.
class control_stream {
  public:
    /// Bytes of the longest line that a backend may say.
    static constexpr std::size_t longest_line = 4096;

    explicit control_stream(descriptor socket) : socket_(std::move(socket)) {}

    /// One line of JSON. Nothing where the backend no longer listens: that it has ended is heard
    /// elsewhere. Throws std::runtime_error where it does not read what it is told.
    void say(std::string_view line);
    /// Reads what there is, without waiting. False when the backend has closed its end.
    bool read();
    /// Whether a whole line has been read, which is taken to `line`. Throws std::runtime_error on
    /// one that is too long.
    bool next(std::string& line);

    [[nodiscard]] int fd() const { return socket_.get(); }

  private:
    descriptor socket_;
    std::string unread_;
};

}  // namespace stratbench
