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
#include "harness/base/process/thread.hpp"
#include "strategies/contract/strategy.hpp"
#include "strategies/engines/front_end/stop_request.hpp"
#include "strategies/engines/pool/worker_pool.hpp"

namespace stratbench {
namespace {

class apply_async final : public strategy {
  public:
    ~apply_async() override { apply_async::stop(); }

    void start(const start_options& options) override {
        pool_.emplace(pool_options{.kind = worker_kind::process, .start = options});
        leaving_.store(false);
        // Lives until stop, because the kernel ends a worker together with the thread that made it,
        // and this thread makes the replacements of workers that crash.
        result_thread_ = start_thread("cannot start the result thread", [this] {
            try {
                return_results();
            } catch (...) {
                const std::lock_guard lock(mutex_);
                failure_ = std::current_exception();
                sink_ = nullptr;
                all_returned_.notify_all();
            }
        });
    }

    void run(task_source& source, completion_sink& sink) override {
        stop_wanted_.reset();
        {
            const std::lock_guard lock(mutex_);
            if (failure_) {
                std::rethrow_exception(failure_);
            }
            sink_ = &sink;
            accepting_ = true;
        }
        std::vector<task> tasks(256);
        while (!stop_wanted_.stopping()) {
            const take_result got = source.take(tasks, take_mode::wait);
            if (got.ended) {
                break;
            }
            const std::lock_guard lock(mutex_);
            if (failure_) {
                break;
            }
            pool_->submit(std::span(tasks).first(got.count));
            // The result thread may sleep longer than these tasks may take.
            if (pool_->look_again_ns() < dozing_until_ns_) {
                pool_->wake();
            }
        }
        std::unique_lock lock(mutex_);
        accepting_ = false;
        pool_->wake();
        all_returned_.wait(lock, [this] { return sink_ == nullptr; });
        if (failure_) {
            std::rethrow_exception(failure_);
        }
    }

    void request_stop(stop_mode mode) override {
        stop_wanted_.set(mode);
        pool_->wake();
    }

    void stop() override {
        if (!result_thread_.joinable()) {
            return;
        }
        leaving_.store(true);
        pool_->wake();
        result_thread_.join();
        pool_.reset();
    }

  private:
    void return_results() {
        std::vector<pool_result> results;
        std::vector<completion> done;
        idle_spin spin;
        while (!leaving_.load(std::memory_order_relaxed)) {
            results.clear();
            std::unique_lock lock(mutex_);
            pool_->collect(results);
            if (stop_wanted_.cancelling()) {
                pool_->cancel_unstarted(results);
            }
            completion_sink* const sink = sink_;
            const bool all = !accepting_ && sink_ != nullptr && pool_->outstanding() == 0;
            lock.unlock();

            if (!results.empty()) {
                done.clear();
                for (const pool_result& each : results) {
                    done.push_back(each.done);
                }
                sink->complete(done);
                spin.found();
            }
            if (all) {
                lock.lock();
                sink_ = nullptr;
                all_returned_.notify_all();
            } else if (results.empty() && !spin.again()) {
                sleep();
            }
        }
    }

    /// Sleeps without the lock; arms and disarms under it.
    void sleep() {
        std::unique_lock lock(mutex_);
        if (!accepting_ && sink_ != nullptr && pool_->outstanding() == 0) {
            return;
        }
        if (leaving_.load() || !pool_->arm()) {
            return;
        }
        dozing_until_ns_ = pool_->look_again_ns();
        lock.unlock();
        pool_->doze(dozing_until_ns_);
        lock.lock();
        dozing_until_ns_ = 0;
        pool_->disarm();
    }

    /// Guards the pool, sink_, accepting_, dozing_until_ns_ and failure_.
    std::mutex mutex_;
    std::condition_variable all_returned_;
    std::optional<worker_pool> pool_;
    /// Where results go; null between two runs.
    completion_sink* sink_ = nullptr;
    bool accepting_ = false;
    /// How long the result thread sleeps if nothing wakes it; 0 = it is awake.
    std::int64_t dozing_until_ns_ = 0;
    /// What ended the result thread, for good.
    std::exception_ptr failure_;
    stop_request stop_wanted_;
    std::atomic<bool> leaving_{false};
    std::jthread result_thread_;
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
