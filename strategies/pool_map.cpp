// Pool map: what is due is taken as one batch and mapped over a pool of processes; the caller
// blocks until the whole batch is back, and no result exists before.

#include <optional>
#include <vector>

#include "strategies/engines/idle_spin.hpp"
#include "strategies/engines/stop_request.hpp"
#include "strategies/engines/worker_pool.hpp"
#include "strategies/strategy.hpp"

namespace stratbench {
namespace {

class pool_map final : public strategy {
  public:
    explicit pool_map(std::uint32_t chunk_size) : chunk(chunk_size) {}
    ~pool_map() override { pool_map::stop(); }

    void start(const start_options& options) override {
        pool.emplace(pool_options{.kind = worker_kind::process,
                                  .workers = options.workers,
                                  .max_payload_bytes = options.max_payload_bytes,
                                  .ledger = options.ledger,
                                  .chunk = chunk});
    }

    void run(task_source& source, completion_sink& sink) override {
        stop_wanted.reset();
        while (!stop_wanted.stopping() && gather_batch(source)) {
            map();
            sink.complete(done);
        }
    }

    void request_stop(stop_mode mode) override {
        stop_wanted.set(mode);
        pool->wake();
    }

    void stop() override { pool.reset(); }

  private:
    /// Everything that is due now, after waiting for the first. False at the end of the source.
    bool gather_batch(task_source& source) {
        std::vector<task> tasks(4096);
        take_result got = source.take(tasks, take_mode::wait);
        while (got.count != 0) {
            for (std::size_t i = 0; i < got.count; ++i) pool->submit(tasks[i]);
            // Less than was asked for was all that there was: what comes due from now on is for the
            // next batch.
            if (got.count < tasks.size()) break;
            got = source.take(tasks, take_mode::poll);
        }
        return pool->outstanding() != 0;
    }

    void map() {
        done.clear();
        done.reserve(pool->outstanding());
        idle_spin spin;
        pool->dispatch();
        while (pool->outstanding() != 0) {
            results.clear();
            pool->collect(results);
            if (stop_wanted.cancelling()) pool->cancel_unstarted(results);
            for (const pool_result& each : results) done.push_back(each.done);
            if (!results.empty()) {
                spin.found();
            } else if (!spin.again()) {
                pool->wait();
            }
        }
    }

    std::uint32_t chunk;
    std::optional<worker_pool> pool;
    std::vector<pool_result> results;
    std::vector<completion> done;
    stop_request stop_wanted;
};

constexpr parameter parameters[] = {
    {"chunk", "auto", "tasks handed to a worker at a time"},
};

}  // namespace

extern const strategy_info strategy_pool_map;
const strategy_info strategy_pool_map = {
    .name = "pool_map",
    .summary = "maps a batch over a pool of processes and blocks until all of it is back",
    .parameters = parameters,
    .properties = {.isolates_crashes = true,
                   .payload_crosses_process = true,
                   .returns_in_batches = true},
    .make = [](const spec& s) -> std::unique_ptr<strategy> {
        const auto chunk = s.find("chunk").value_or("auto");
        return std::make_unique<pool_map>(
            chunk == "auto"
                ? 0
                : static_cast<std::uint32_t>(parse_integer(chunk, "pool_map's chunk", 1, 2048)));
    },
};

}  // namespace stratbench
