// Synchronous: the caller takes a task, executes it, and has its result. The baseline.

#include <vector>

#include "strategies/contract/strategy.hpp"
#include "strategies/engines/channel/span_size.hpp"
#include "strategies/engines/front_end/caller_execution.hpp"
#include "strategies/engines/front_end/stop_request.hpp"

namespace stratbench {
namespace {

class sync final : public strategy {
  public:
    void start(const start_options& options) override { execution_.start(options); }

    void run(task_source& source, completion_sink& sink) override {
        stop_wanted_.reset();
        std::vector<task> tasks(span_size::most);
        std::vector<completion> done(span_size::most);
        span_size batch;
        while (!stop_wanted_.stopping()) {
            const take_result got =
                source.take(std::span(tasks).first(batch.value()), take_mode::wait);
            if (got.ended) {
                break;
            }
            const std::int64_t began = now_ns();
            for (std::size_t i = 0; i < got.count; ++i) {
                done[i] = execution_.execute(tasks[i]);
            }
            sink.complete(std::span(done).first(got.count));
            batch.learn(got.count, now_ns() - began);
        }
    }

    void request_stop(stop_mode mode) override { stop_wanted_.set(mode); }
    void stop() override {}

  private:
    caller_execution execution_;
    stop_request stop_wanted_;
};

}  // namespace

extern const strategy_info strategy_sync;
const strategy_info strategy_sync = {
    .name = "sync",
    .summary = "the caller executes each task itself, one after the other: the baseline",
    .parameters = {},
    .properties = {.in_caller = true},
    .make = [](const spec&) -> std::unique_ptr<strategy> { return std::make_unique<sync>(); },
};

}  // namespace stratbench
