#include "strategies/engines/front_end/event_loop.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace stratbench {
namespace {

/// Converts an instant of now_ns(), which is steady_clock on Linux.
std::chrono::steady_clock::time_point instant(std::int64_t ns) {
    return std::chrono::steady_clock::time_point(std::chrono::nanoseconds(ns));
}

/// The time for which a busy loop goes on without a look at the reactor, which is a system call.
constexpr std::int64_t between_looks_ns = 20'000;

using asio_handler =
    boost::asio::async_result<boost::asio::use_awaitable_t<>, void(completion)>::handler_type;

}  // namespace

event_loop::event_loop(worker_pool* pool, loop_monitor* monitor, coroutine_type handlers)
    : pool_(pool), monitor_(monitor), handlers_(handlers) {
    if (pool_ != nullptr) {
        pool_end_.emplace(reactor_, pool_->wait_fd());
    }
}

event_loop::~event_loop() {
    if (pool_end_) {
        pool_end_->release();  // the descriptor is the pool's
    }
}

void event_loop::begin(task_source& source, completion_sink& sink) {
    source_ = &source;
    sink_ = &sink;
    source_ended_ = false;
    ask_again_ns_ = 0;
    stop_wanted_.reset();
    if (monitor_ != nullptr) {
        beat_at(now_ns() + monitor_->period_ns);
    }
}

void event_loop::request_stop(stop_mode mode) {
    stop_wanted_.set(mode);
    boost::asio::post(reactor_, [] {});
}

void event_loop::nap::await_suspend(std::coroutine_handle<> caller) {
    timer.expires_at(instant(until_ns));
    timer.async_wait([caller](const boost::system::error_code& failed) {
        if (!failed) {
            caller.resume();
        }
    });
}

void event_loop::beat_at(std::int64_t due_ns) {
    pulse_.expires_at(instant(due_ns));
    pulse_.async_wait([this, due_ns](const boost::system::error_code& failed) {
        if (failed) {
            return;
        }
        const std::int64_t now = now_ns();
        monitor_->beats.push_back({due_ns, now - due_ns});
        // After a stall the next beat is the next one that is still to come.
        const std::int64_t missed = (now - due_ns) / monitor_->period_ns;
        beat_at(due_ns + (missed + 1) * monitor_->period_ns);
    });
}

bool event_loop::take(std::span<task> into) {
    taken_ = 0;
    if (stop_wanted_.stopping()) {
        source_ended_ = true;
        return true;
    }
    const take_result got = source_->take(into, take_mode::poll);
    taken_ = got.count;
    accepted_this_turn_ += got.count;
    source_ended_ = got.ended;
    ask_again_ns_ = got.ask_again_ns;
    return got.count != 0 || got.ended;
}

bool event_loop::poll_arrivals() {
    if (!acceptor_) {
        return false;
    }
    accepted_this_turn_ = 0;
    if (!stop_wanted_.stopping() && (ask_again_ns_ == never_ns || now_ns() < ask_again_ns_)) {
        return false;
    }
    if (!take(acceptor_span_)) {
        return false;
    }
    has_slept_ = false;
    std::exchange(acceptor_, nullptr).resume();
    return true;
}

bool event_loop::arrival_is_near() const {
    return has_slept_ && acceptor_ && ask_again_ns_ != never_ns && now_ns() >= ask_again_ns_;
}

boost::asio::awaitable<completion> event_loop::execute_in_asio(const task& t) {
#ifdef __clang_analyzer__  // it takes what Asio keeps of a coroutine for uninitialised
    pool_->submit(t, nullptr);
    co_return completion{};
#else
    return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(completion)>(
        [this, &t](auto handler) { pool_->submit(t, new asio_handler(std::move(handler))); },
        boost::asio::use_awaitable);
#endif
}

void event_loop::deliver(const pool_result& result) const {
    if (handlers_ == coroutine_type::own) {
        auto& waiting = *static_cast<execution*>(result.tag);
        waiting.result = &result.done;
        waiting.waiting.resume();
    } else {
        const std::unique_ptr<asio_handler> waiting(static_cast<asio_handler*>(result.tag));
        std::move (*waiting)(result.done);
    }
}

bool event_loop::poll_pool() {
    if (pool_ == nullptr) {
        return false;
    }
    pool_->dispatch();
    results_.clear();
    pool_->collect(results_);
    if (stop_wanted_.cancelling()) {
        pool_->cancel_unstarted(results_);
    }
    for (const pool_result& each : results_) {
        deliver(each);
    }
    return !results_.empty();
}

void event_loop::flush() {
    if (ended_.empty()) {
        return;
    }
    sink_->complete(ended_);
    ended_.clear();
    // A load may have been waiting for just these completions.
    if (ask_again_ns_ == never_ns) {
        ask_again_ns_ = 0;
    }
}

bool event_loop::look_around() {
    bool progressed = poll_pool();
    flush();
    progressed |= poll_arrivals();
    flush();
    return progressed;
}

void event_loop::turn_until_done() {
    std::int64_t looked_ns = 0;
    while (!source_ended_ || unfinished_ != 0) {
        bool progressed = false;
        if (handlers_ == coroutine_type::own) {
            progressed = look_around();
        } else {
            // Within the reactor, where Asio starts and resumes its coroutines at once.
            boost::asio::post(reactor_, [&] { progressed = look_around(); });
            reactor_.restart();
            reactor_.poll();
        }
        if (const std::int64_t now = now_ns(); !progressed || now - looked_ns >= between_looks_ns) {
            looked_ns = now;
            reactor_.restart();
            progressed |= reactor_.poll() != 0;
            flush();
        }
        if (progressed) {
            spin_.found();
        } else if (arrival_is_near()) {
            // The loop has slept until just before a task is due: if it gave way to a worker now,
            // it would come back milliseconds late.
            cpu_relax();
        } else if (!spin_.again() && (acceptor_ == nullptr || now_ns() < ask_again_ns_)) {
            block();
        }
    }
    // A beat that the last task has held up still counts.
    reactor_.restart();
    reactor_.poll();
    pulse_.cancel();
    reactor_.restart();
    reactor_.poll();
}

void event_loop::watch_pool() {
    if (pool_watched_) {
        return;
    }
    pool_watched_ = true;
    pool_end_->async_wait(boost::asio::posix::stream_descriptor::wait_read,
                          [this](const boost::system::error_code&) { pool_watched_ = false; });
}

void event_loop::block() {
    if (pool_ != nullptr) {
        pool_->dispatch();
        if (!pool_->arm()) {
            return;
        }
        watch_pool();
    }
    std::int64_t until_ns = acceptor_ ? ask_again_ns_ : never_ns;
    if (pool_ != nullptr) {
        until_ns = std::min(until_ns, pool_->look_again_ns());
    }
    bool rang = until_ns == never_ns;
    if (!rang) {
        alarm_.expires_at(instant(until_ns));
        alarm_.async_wait([&rang](const boost::system::error_code& failed) { rang = !failed; });
    }
    has_slept_ = true;
    reactor_.restart();
    reactor_.run_one();
    if (!rang) {
        alarm_.cancel();
        reactor_.poll();
    }
    if (pool_ != nullptr) {
        pool_->disarm();
    }
}

}  // namespace stratbench
