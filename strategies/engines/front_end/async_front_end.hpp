#pragma once

#include <optional>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "strategies/contract/strategy.hpp"
#include "strategies/engines/front_end/event_loop.hpp"
#include "strategies/engines/pool/worker_pool.hpp"

namespace stratbench {

/// What the asynchronous strategies share: an event loop with one coroutine for each task, which
/// awaits the task's execution by a pool. They differ in who the workers are.
class async_front_end final : public strategy {
  public:
    explicit async_front_end(worker_kind who, coroutine_type handlers = coroutine_type::own)
        : kind(who), coroutines(handlers) {}
    ~async_front_end() override { async_front_end::stop(); }

    void start(const start_options& options) override {
        pool.emplace(pool_of(kind, options));
        loop.emplace(&*pool, options.monitor, coroutines);
    }

    void run(task_source& source, completion_sink& sink) override {
        if (coroutines == coroutine_type::own) {
            loop->run(source, sink, [this](const task& t) { handle(t); });
        } else {
            loop->run(source, sink, [this](const task& t) {
                boost::asio::co_spawn(loop->executor(), handle_in_asio(t), boost::asio::detached);
            });
        }
    }

    void request_stop(stop_mode mode) override { loop->request_stop(mode); }

    void stop() override {
        loop.reset();
        pool.reset();
    }

  private:
    detached handle(const task& t) { loop->complete(co_await loop->execute(t)); }

    /// Begins at once, where the loop spawns it.
    boost::asio::awaitable<void> handle_in_asio(const task& t) {
        loop->complete(co_await loop->execute_in_asio(t));
    }

    worker_kind kind;
    coroutine_type coroutines;
    std::optional<worker_pool> pool;
    std::optional<event_loop> loop;
};

}  // namespace stratbench
