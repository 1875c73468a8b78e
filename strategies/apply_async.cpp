// apply_async: each task is handed to a pool of processes at once and the caller goes on to the
// next; a result thread calls back.

#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <vector>

#include "harness/base/idle_spin.hpp"
#include "strategies/contract/strategy.hpp"
#include "strategies/engines/front_end/stop_request.hpp"
#include "strategies/engines/pool/worker_pool.hpp"

namespace stratbench {
namespace {

class apply_async final : public strategy {
  public:
    ~apply_async() override { apply_async::stop(); }

    void start(const start_options& options) override {
        pool.emplace(pool_of(worker_kind::process, options));
        leaving.store(false);
        // Lives until stop, because the kernel ends a worker together with the thread that made it,
        // and this thread makes the replacements of workers that crash.
        result_thread = std::jthread([this] {
            try {
                return_results();
            } catch (...) {
                const std::lock_guard lock(mutex);
                failure = std::current_exception();
                sink = nullptr;
                all_returned.notify_all();
            }
        });
    }

    void run(task_source& source, completion_sink& to) override {
        stop_wanted.reset();
        {
            const std::lock_guard lock(mutex);
            if (failure) std::rethrow_exception(failure);
            sink = &to;
            accepting = true;
        }
        std::vector<task> tasks(256);
        while (!stop_wanted.stopping()) {
            const take_result got = source.take(tasks, take_mode::wait);
            if (got.ended) break;
            const std::lock_guard lock(mutex);
            if (failure) break;
            pool->submit(std::span(tasks).first(got.count));
            // The result thread may sleep longer than these tasks may take.
            if (pool->look_again_ns() < dozing_until_ns) pool->wake();
        }
        std::unique_lock lock(mutex);
        accepting = false;
        pool->wake();
        all_returned.wait(lock, [this] { return sink == nullptr; });
        if (failure) std::rethrow_exception(failure);
    }

    void request_stop(stop_mode mode) override {
        stop_wanted.set(mode);
        pool->wake();
    }

    void stop() override {
        if (!result_thread.joinable()) return;
        leaving.store(true);
        pool->wake();
        result_thread.join();
        pool.reset();
    }

  private:
    void return_results() {
        std::vector<pool_result> results;
        std::vector<completion> done;
        idle_spin spin;
        while (!leaving.load(std::memory_order_relaxed)) {
            results.clear();
            std::unique_lock lock(mutex);
            pool->collect(results);
            if (stop_wanted.cancelling()) pool->cancel_unstarted(results);
            completion_sink* const to = sink;
            const bool all = !accepting && sink != nullptr && pool->outstanding() == 0;
            lock.unlock();

            if (!results.empty()) {
                done.clear();
                for (const pool_result& each : results) done.push_back(each.done);
                to->complete(done);
                spin.found();
            }
            if (all) {
                lock.lock();
                sink = nullptr;
                all_returned.notify_all();
            } else if (results.empty() && !spin.again()) {
                sleep();
            }
        }
    }

    /// Arms and disarms under the lock, sleeps without it.
    void sleep() {
        std::unique_lock lock(mutex);
        if (!accepting && sink != nullptr && pool->outstanding() == 0) return;
        if (leaving.load() || !pool->arm()) return;
        dozing_until_ns = pool->look_again_ns();
        lock.unlock();
        pool->doze(dozing_until_ns);
        lock.lock();
        dozing_until_ns = 0;
        pool->disarm();
    }

    /// Guards the pool and what stands between here and stop_wanted.
    std::mutex mutex;
    std::condition_variable all_returned;
    std::optional<worker_pool> pool;
    /// Where results go; null between two runs.
    completion_sink* sink = nullptr;
    bool accepting = false;
    /// How long the result thread sleeps if nothing wakes it; 0 = it is awake.
    std::int64_t dozing_until_ns = 0;
    /// What ended the result thread, for good.
    std::exception_ptr failure;
    stop_request stop_wanted;
    std::atomic<bool> leaving{false};
    std::jthread result_thread;
};

}  // namespace

extern const strategy_info strategy_apply_async;
const strategy_info strategy_apply_async = {
    .name = "apply_async",
    .summary = "hands each task to a pool of processes and goes on; a result thread calls back",
    .parameters = {},
    .properties = {.isolates_crashes = true,
                   .front_end_stays_free = true,
                   .payload_crosses_process = true},
    .make = [](const spec&) -> std::unique_ptr<strategy> {
        return std::make_unique<apply_async>();
    },
};

}  // namespace stratbench
