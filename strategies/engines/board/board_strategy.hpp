#pragma once

#include <optional>

#include "strategies/contract/strategy.hpp"
#include "strategies/engines/board/backend.hpp"
#include "strategies/engines/board/board.hpp"

namespace stratbench {

/// A strategy that is another program: its front end accepts tasks from a board, by itself, and
/// the trial process sleeps until it is done.
class board_strategy final : public strategy {
  public:
    explicit board_strategy(backend_command command) : command_(std::move(command)) {}

    void start(const start_options& options) override;
    void prepare(task_source& next) override;
    void run(task_source& source, completion_sink& sink) override;
    void request_stop(stop_mode mode) override { board_->request_stop(mode); }
    /// Throws std::runtime_error, when nothing is left, where the program did not end by itself.
    void stop() override;

  private:
    backend_command command_;
    std::optional<board> board_;
    /// Ends before the board does.
    std::optional<backend> backend_;
    /// The window that is laid out on the board, and not run yet.
    window_ahead* laid_out_ = nullptr;
};

}  // namespace stratbench
