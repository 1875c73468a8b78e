#include "strategies/engines/board/board_strategy.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "harness/base/clock.hpp"
#include "harness/base/spec.hpp"

namespace stratbench {
namespace {

/// For a program to look at a window that is not open yet.
constexpr std::int64_t preparing_ns = 30'000'000'000;

}  // namespace

void board_strategy::start(const start_options& options) {
    board_.emplace();
    backend_.emplace(command_, board_->fd(), options);
}

void board_strategy::prepare(task_source& next) {
    laid_out_ = next.ahead();
    if (laid_out_ == nullptr) {
        throw std::logic_error("a source whose tasks are not known ahead");
    }
    board_->lay_out(*laid_out_);
    backend_->ask(R"({"say":"window"})", "ready", preparing_ns);
}

void board_strategy::run(task_source& source, completion_sink& /*sink*/) {
    if (laid_out_ == nullptr || laid_out_ != source.ahead()) {
        prepare(source);
    }
    window_ahead& window = *laid_out_;
    laid_out_ = nullptr;
    board_->open(window.opened_ns());
    backend_->ask(R"({"say":"run"})", "drained", never_ns);
    const std::span<const task_account> accounts = board_->accounts();
    if (accounts.size() < window.most() && accounts.back().accepted_ns != 0) {
        throw std::runtime_error(
            fmt::format("backend {}: the {} tasks on its board did not last for "
                        "the window: give it larger tasks, or a shorter "
                        "--trial-length",
                        in_quotes(command_.name), accounts.size()));
    }
    window.hand_back(accounts, backend_->floats());
}

void board_strategy::stop() {
    if (backend_) {
        backend_->end();
        backend_.reset();
    }
    board_.reset();
}

}  // namespace stratbench
