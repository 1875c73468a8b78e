// Antipattern: a new pool of processes for each task, which is made, used once and thrown away.

#include <vector>

#include "strategies/contract/strategy.hpp"
#include "strategies/engines/front_end/stop_request.hpp"
#include "strategies/engines/pool/worker_pool.hpp"

namespace stratbench {
namespace {

class pool_per_task final : public strategy {
  public:
    void start(const start_options& options) override {
        options_ = {.kind = worker_kind::process, .start = options};
    }

    void run(task_source& source, completion_sink& sink) override {
        stop_wanted_.reset();
        task t;
        std::vector<pool_result> results;
        while (!stop_wanted_.stopping()) {
            if (source.take({&t, 1}, take_mode::wait).ended) {
                break;
            }
            results.clear();
            {
                worker_pool pool(options_);
                pool.submit(t);
                pool.dispatch();
                while (pool.collect(results) == 0) {
                    pool.wait();
                }
            }
            sink.complete({&results.front().done, 1});
        }
    }

    void request_stop(stop_mode mode) override { stop_wanted_.set(mode); }
    void stop() override {}

  private:
    pool_options options_;
    stop_request stop_wanted_;
};

}  // namespace

extern const strategy_info strategy_pool_per_task;
const strategy_info strategy_pool_per_task = {
    .name = "pool_per_task",
    .summary = "antipattern: makes a new pool of processes for each task",
    .parameters = {},
    .properties = {.isolates_crashes = true,
                   .payload_crosses_process = true,
                   .antipattern = true,
                   .least_task_ns = 200'000},
    .make = [](const spec&) -> std::unique_ptr<strategy> {
        return std::make_unique<pool_per_task>();
    },
};

}  // namespace stratbench
