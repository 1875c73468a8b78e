// Pool map: what is due is taken as one batch and mapped over a pool of processes; the caller
// blocks until the whole batch is back, and no result exists before.

#include <atomic>
#include <optional>
#include <vector>

#include "strategies/engines/idle_spin.hpp"
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
        stopping.store(0);
        while (stopping.load() == 0 && gather_batch(source)) {
            map();
            sink.complete(done);
        }
    }

    void request_stop(stop_mode mode) override {
        stopping.store(mode == stop_mode::cancel ? 2 : 1);
        pool->wake();
    }

    void stop() override { pool.reset(); }

  private:
    /// Everything that is due now, after waiting for the first. False at the end of the source.
    bool gather_batch(task_source& source) {
        std::size_t count = 0;
        take_mode mode = take_mode::wait;
        for (;;) {
            if (batch.size() < count + 4096) batch.resize(2 * batch.size() + 4096);
            const take_result got = source.take(std::span(batch).subspan(count), mode);
            if (got.count == 0) break;
            for (std::size_t i = count; i < count + got.count; ++i) pool->submit(batch[i]);
            count += got.count;
            mode = take_mode::poll;
        }
        return count != 0;
    }

    void map() {
        results.clear();
        idle_spin spin;
        pool->dispatch();
        while (pool->outstanding() != 0) {
            if (pool->collect(results) != 0) {
                spin.found();
            } else if (stopping.load() == 2 && !cancelled) {
                pool->cancel_unstarted(results);
                cancelled = true;
            } else if (!spin.again()) {
                pool->wait();
            }
        }
        cancelled = false;
        done.clear();
        for (const pool_result& each : results) done.push_back(each.done);
    }

    std::uint32_t chunk;
    std::optional<worker_pool> pool;
    std::vector<task> batch;
    std::vector<pool_result> results;
    std::vector<completion> done;
    std::atomic<int> stopping{0};
    bool cancelled = false;
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
            chunk == "auto" ? 0
                            : static_cast<std::uint32_t>(
                                  parse_integer(chunk, "pool_map's chunk", 1, 2048)));
    },
};

}  // namespace stratbench
