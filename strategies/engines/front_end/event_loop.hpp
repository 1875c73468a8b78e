#pragma once

#include <coroutine>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "harness/base/idle_spin.hpp"
#include "strategies/contract/strategy.hpp"
#include "strategies/engines/front_end/coroutine.hpp"
#include "strategies/engines/front_end/stop_request.hpp"
#include "strategies/engines/pool/worker_pool.hpp"

namespace stratbench {

/// The type of the coroutines that handle tasks: `detached` of coroutine.hpp, or
/// boost::asio::awaitable.
enum class coroutine_type { own, asio };

/// A single-threaded event loop: the front end of the asynchronous strategies. One coroutine
/// accepts tasks and starts one coroutine for each; these await a pool of workers or a timer.
/// Boost.Asio is the reactor (timers, descriptors); results and arrivals are looked for on every
/// turn of the loop, because a pass through the reactor costs more than a short task.
///
/// Thread safety: everything on one thread, except request_stop.
class event_loop {
  public:
    /// `pool` may be null: a loop whose coroutines do the work themselves.
    event_loop(worker_pool* pool, loop_monitor* monitor,
               coroutine_type handlers = coroutine_type::own);
    event_loop(const event_loop&) = delete;
    event_loop& operator=(const event_loop&) = delete;
    ~event_loop();

    /// Starts `handler(const task&)`, a detached coroutine, for every task of the
    /// source and returns when all of them have ended. Each must call complete() once. The
    /// reference is good until the coroutine first suspends. At most `at_once` tasks are accepted
    /// before the first is handled, and about `accepted_per_turn` before the loop looks for results
    /// and timers again.
    template <class Handler>
    void run(task_source& source, completion_sink& sink, Handler handler,
             std::size_t at_once = accepted_per_turn);

    static constexpr std::size_t accepted_per_turn = 256;

    void request_stop(stop_mode mode);

    /// Awaits the execution of a task by the pool; gives its completion, good until the coroutine
    /// suspends again.
    [[nodiscard]] auto execute(const task& t) { return execution{*this, t, nullptr, {}}; }
    /// Awaits that as a boost::asio::awaitable, on executor(); only for coroutine_type::asio.
    [[nodiscard]] boost::asio::awaitable<completion> execute_in_asio(const task& t);
    [[nodiscard]] auto executor() { return reactor_.get_executor(); }
    /// Awaits an instant.
    [[nodiscard]] auto sleep(std::int64_t until_ns) {
        return nap{boost::asio::steady_timer(reactor_), until_ns, *this};
    }
    /// Reports a task's end; the sink hears of it before the loop sleeps or takes its next turn.
    void complete(const completion& done) {
        ended_.push_back(done);
        --unfinished_;
    }
    /// Reports now what complete() has gathered: for a coroutine about to block the loop.
    void flush();

  private:
    /// Awaits one task. It is a part of the frame of every outstanding task, of which there may be
    /// millions: so the result is pointed to while its coroutine is resumed, and kept nowhere.
    struct execution {
        event_loop& loop;
        const task& work;
        const completion* result = nullptr;
        std::coroutine_handle<> waiting;

        static bool await_ready() noexcept { return false; }
        void await_suspend(std::coroutine_handle<> caller) {
            waiting = caller;
            loop.pool_->submit(work, this);
        }
        [[nodiscard]] const completion& await_resume() const noexcept { return *result; }
    };

    struct nap {
        boost::asio::steady_timer timer;
        std::int64_t until_ns;
        event_loop& loop;

        static bool await_ready() noexcept { return false; }
        void await_suspend(std::coroutine_handle<> caller);
        static void await_resume() noexcept {}
    };

    /// The coroutine that accepts waits here for tasks.
    struct arrival {
        event_loop& loop;
        std::span<task> into;

        [[nodiscard]] bool await_ready() {
            return loop.accepted_this_turn_ < accepted_per_turn && loop.take(into);
        }
        void await_suspend(std::coroutine_handle<> caller) noexcept {
            loop.acceptor_ = caller;
            loop.acceptor_span_ = into;
        }
        /// The tasks; empty when the source has ended.
        [[nodiscard]] std::span<const task> await_resume() const noexcept {
            return into.first(loop.taken_);
        }
    };

    template <class Handler>
    detached accept(Handler handler, std::size_t at_once);
    void begin(task_source& source, completion_sink& sink);
    void beat_at(std::int64_t due_ns);
    /// Takes tasks into `into`. True when there are some, or the source has ended; else it
    /// remembers when to ask again.
    bool take(std::span<task> into);
    bool poll_arrivals();
    /// Whether the loop has slept for the task that is due next and is to ask for it from now on.
    [[nodiscard]] bool arrival_is_near() const;
    bool poll_pool();
    /// Resumes the coroutine that awaits a result.
    void deliver(const pool_result& result) const;
    bool look_around();
    void turn_until_done();
    void block();
    void watch_pool();

    worker_pool* pool_;
    completion_sink* sink_ = nullptr;
    loop_monitor* monitor_;
    coroutine_type handlers_;
    boost::asio::io_context reactor_{1};
    boost::asio::steady_timer alarm_{reactor_};
    boost::asio::steady_timer pulse_{reactor_};
    std::optional<boost::asio::posix::stream_descriptor> pool_end_;
    bool pool_watched_ = false;

    task_source* source_ = nullptr;
    std::coroutine_handle<> acceptor_;
    std::span<task> acceptor_span_;
    std::size_t taken_ = 0;
    std::size_t accepted_this_turn_ = 0;
    std::int64_t ask_again_ns_ = 0;
    /// The loop has slept since the last task was accepted.
    bool has_slept_ = false;
    bool source_ended_ = false;

    std::size_t unfinished_ = 0;
    std::vector<completion> ended_;
    std::vector<pool_result> results_;
    idle_spin spin_;

    stop_request stop_wanted_;
};

template <class Handler>
detached event_loop::accept(Handler handler, std::size_t at_once) {
    std::vector<task> buffer(at_once);
    for (;;) {
        const std::span<const task> tasks = co_await arrival{*this, buffer};
        if (tasks.empty()) {
            break;
        }
        unfinished_ += tasks.size();
        for (const task& t : tasks) {
            handler(t);
        }
    }
}

template <class Handler>
void event_loop::run(task_source& source, completion_sink& sink, Handler handler,
                     std::size_t at_once) {
    begin(source, sink);
    // Within the reactor, where Asio starts its coroutines at once: later, a task that they were
    // started for would have given way to another.
    boost::asio::post(reactor_, [&] { accept(handler, at_once); });
    reactor_.restart();
    reactor_.poll_one();
    turn_until_done();
}

}  // namespace stratbench
