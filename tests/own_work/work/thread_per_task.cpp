// A strategy of one's own: a new thread for each task, as many at once as there are workers.

#include <atomic>
#include <thread>
#include <vector>

#include <stratbench/strategy.hpp>

using namespace stratbench;

namespace {

class thread_per_task final : public strategy {
  public:
    void start(const start_options& options) override { options_ = options; }

    void run(task_source& source, completion_sink& sink) override {
        stop_wanted_ = false;
        std::vector<task> taken(static_cast<std::size_t>(options_.workers));
        while (!stop_wanted_) {
            const take_result got = source.take(taken, take_mode::wait);
            if (got.ended) {
                break;
            }
            std::vector<std::jthread> threads;
            for (const task& t : std::span(taken).first(got.count)) {
                threads.emplace_back([&sink, &t, this] {
                    caller_execution execution;
                    execution.start(options_);
                    const completion done = execution.execute(t);
                    sink.complete({&done, 1});
                });
            }
        }
    }

    void request_stop(stop_mode /*mode*/) override { stop_wanted_ = true; }
    void stop() override {}

  private:
    start_options options_;
    std::atomic<bool> stop_wanted_ = false;
};

}  // namespace

STRATBENCH_STRATEGY(thread_per_task) = {
    .name = "thread_per_task",
    .summary = "a new thread for each task, as many at once as there are workers",
    .parameters = {},
    .properties = {},
    .make = [](const spec&) -> std::unique_ptr<strategy> {
        return std::make_unique<thread_per_task>();
    },
};
