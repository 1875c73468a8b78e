// Antipattern: coroutines that do CPU work themselves. While one works, the loop is deaf: it
// accepts nothing, no timer rings, no other coroutine gets a turn.

#include "strategies/contract/strategy.hpp"
#include "strategies/engines/front_end/caller_execution.hpp"
#include "strategies/engines/front_end/event_loop.hpp"

namespace stratbench {
namespace {

class async_inline final : public strategy {
  public:
    void start(const start_options& options) override {
        execution_.start(options);
        timeout_ns_ = options.limits.task_timeout_ns;
        loop_.emplace(nullptr, options.monitor);
    }

    void run(task_source& source, completion_sink& sink) override {
        // One at a time, because a task that waits behind another's work is not yet accepted.
        loop_->run(
            source, sink, [this](const task& t) { handle(t); }, 1);
    }

    void request_stop(stop_mode mode) override { loop_->request_stop(mode); }
    void stop() override { loop_.reset(); }

  private:
    detached handle(const task& t) {
        const std::int64_t wait_ns = std::int64_t{t.wait_us} * 1000;
        task work = t;
        work.wait_us = 0;
        const std::int64_t began = wait_ns == 0 ? 0 : now_ns();
        completion done = execution_.execute(work);
        if (wait_ns != 0) {
            co_await loop_->sleep(now_ns() + wait_ns);
            const std::int64_t now = now_ns();
            if (done.finished_ns != 0) {
                done.finished_ns = now;
            }
            if (timed_out(now - began, timeout_ns_)) {
                done.outcome = task_outcome::timed_out;
            }
        }
        loop_->complete(done);
        loop_->flush();
    }

    caller_execution execution_;
    std::int64_t timeout_ns_ = 0;
    std::optional<event_loop> loop_;
};

}  // namespace

extern const strategy_info strategy_async_inline;
const strategy_info strategy_async_inline = {
    .name = "async_inline",
    .summary = "antipattern: coroutines execute tasks on the event loop itself, which blocks it",
    .parameters = {},
    .properties = {.in_caller = true, .antipattern = true},
    .make = [](const spec&) -> std::unique_ptr<strategy> {
        return std::make_unique<async_inline>();
    },
};

}  // namespace stratbench
