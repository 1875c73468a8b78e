#pragma once

#include <optional>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "strategies/contract/strategy.hpp"
#include "strategies/engines/front_end/event_loop.hpp"
#include "strategies/engines/pool/worker_pool.hpp"

namespace stratbench {

/// The asynchronous strategies: an event loop with one coroutine for each task, which awaits the
/// task's execution by a pool. They differ in the kind of their workers.
class async_front_end final : public strategy {
  public:
    explicit async_front_end(worker_kind kind, coroutine_type coroutines = coroutine_type::own)
        : kind_(kind), coroutines_(coroutines) {}
    ~async_front_end() override { async_front_end::stop(); }

    void start(const start_options& options) override {
        pool_.emplace(pool_options{.kind = kind_, .start = options});
        loop_.emplace(&*pool_, options.monitor, coroutines_);
    }

    void run(task_source& source, completion_sink& sink) override {
        if (coroutines_ == coroutine_type::own) {
            loop_->run(source, sink, [this](const task& t) { handle(t); });
        } else {
            loop_->run(source, sink, [this](const task& t) {
                boost::asio::co_spawn(loop_->executor(), handle_in_asio(t), boost::asio::detached);
            });
        }
    }

    void request_stop(stop_mode mode) override { loop_->request_stop(mode); }

    void stop() override {
        loop_.reset();
        pool_.reset();
    }

  private:
    detached handle(const task& t) { loop_->complete(co_await loop_->execute(t)); }

    /// Begins where the loop spawns it, at once.
    boost::asio::awaitable<void> handle_in_asio(const task& t) {
        loop_->complete(co_await loop_->execute_in_asio(t));
    }

    worker_kind kind_;
    coroutine_type coroutines_;
    std::optional<worker_pool> pool_;
    std::optional<event_loop> loop_;
};

}  // namespace stratbench
