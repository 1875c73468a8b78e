#include "strategies/engines/front_end/event_loop.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace stratbench {
namespace {

/// now_ns() and steady_clock are the same clock on Linux.
std::chrono::steady_clock::time_point instant(std::int64_t ns) {
    return std::chrono::steady_clock::time_point(std::chrono::nanoseconds(ns));
}

/// How long a busy loop goes on without a look at the reactor, which is a system call.
constexpr std::int64_t between_looks_ns = 20'000;

using asio_handler =
    boost::asio::async_result<boost::asio::use_awaitable_t<>, void(completion)>::handler_type;

}  // namespace

event_loop::event_loop(worker_pool* workers, loop_monitor* watch, coroutine_type of_handlers)
    : pool(workers), monitor(watch), handlers(of_handlers) {
    if (pool != nullptr) pool_end.emplace(reactor, pool->wait_fd());
}

event_loop::~event_loop() {
    if (pool_end) pool_end->release();  // the descriptor is the pool's
}

void event_loop::begin(task_source& from, completion_sink& to) {
    source = &from;
    sink = &to;
    source_ended = false;
    ask_again_ns = 0;
    stop_wanted.reset();
    if (monitor != nullptr) beat_at(now_ns() + monitor->period_ns);
}

void event_loop::request_stop(stop_mode mode) {
    stop_wanted.set(mode);
    boost::asio::post(reactor, [] {});
}

void event_loop::nap::await_suspend(std::coroutine_handle<> caller) {
    timer.expires_at(instant(until_ns));
    timer.async_wait([caller](const boost::system::error_code& failed) {
        if (!failed) caller.resume();
    });
}

void event_loop::beat_at(std::int64_t due_ns) {
    pulse.expires_at(instant(due_ns));
    pulse.async_wait([this, due_ns](const boost::system::error_code& failed) {
        if (failed) return;
        const std::int64_t now = now_ns();
        monitor->beats.push_back({due_ns, now - due_ns});
        // After a stall the next beat is the next one that is still to come.
        const std::int64_t missed = (now - due_ns) / monitor->period_ns;
        beat_at(due_ns + (missed + 1) * monitor->period_ns);
    });
}

bool event_loop::take(std::span<task> into) {
    taken = 0;
    if (stop_wanted.stopping()) {
        source_ended = true;
        return true;
    }
    const take_result got = source->take(into, take_mode::poll);
    taken = got.count;
    accepted_this_turn += got.count;
    source_ended = got.ended;
    ask_again_ns = got.ask_again_ns;
    return got.count != 0 || got.ended;
}

bool event_loop::poll_arrivals() {
    if (!acceptor) return false;
    accepted_this_turn = 0;
    if (!stop_wanted.stopping() && (ask_again_ns == never_ns || now_ns() < ask_again_ns))
        return false;
    if (!take(acceptor_span)) return false;
    has_slept = false;
    std::exchange(acceptor, nullptr).resume();
    return true;
}

bool event_loop::arrival_is_near() const {
    return has_slept && acceptor && ask_again_ns != never_ns && now_ns() >= ask_again_ns;
}

boost::asio::awaitable<completion> event_loop::execute_in_asio(const task& t) {
#ifdef __clang_analyzer__  // it takes what Asio keeps of a coroutine for uninitialised
    pool->submit(t, nullptr);
    co_return completion{};
#else
    return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(completion)>(
        [this, &t](auto handler) { pool->submit(t, new asio_handler(std::move(handler))); },
        boost::asio::use_awaitable);
#endif
}

void event_loop::deliver(const pool_result& result) const {
    if (handlers == coroutine_type::own) {
        auto& waiting = *static_cast<execution*>(result.tag);
        waiting.result = &result.done;
        waiting.waiting.resume();
    } else {
        const std::unique_ptr<asio_handler> waiting(static_cast<asio_handler*>(result.tag));
        std::move (*waiting)(result.done);
    }
}

bool event_loop::poll_pool() {
    if (pool == nullptr) return false;
    pool->dispatch();
    results.clear();
    pool->collect(results);
    if (stop_wanted.cancelling()) pool->cancel_unstarted(results);
    for (const pool_result& each : results) deliver(each);
    return !results.empty();
}

void event_loop::flush() {
    if (ended.empty()) return;
    sink->complete(ended);
    ended.clear();
    // A load may have been waiting for just these completions.
    if (ask_again_ns == never_ns) ask_again_ns = 0;
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
    while (!source_ended || unfinished != 0) {
        bool progressed = false;
        if (handlers == coroutine_type::own) {
            progressed = look_around();
        } else {
            // Within the reactor, where Asio starts and resumes its coroutines at once.
            boost::asio::post(reactor, [&] { progressed = look_around(); });
            reactor.restart();
            reactor.poll();
        }
        if (const std::int64_t now = now_ns(); !progressed || now - looked_ns >= between_looks_ns) {
            looked_ns = now;
            reactor.restart();
            progressed |= reactor.poll() != 0;
            flush();
        }
        if (progressed) {
            spin.found();
        } else if (arrival_is_near()) {
            // It has slept until just before a task is due: whoever gives way to a worker now comes
            // back milliseconds late.
            cpu_relax();
        } else if (!spin.again() && (acceptor == nullptr || now_ns() < ask_again_ns)) {
            block();
        }
    }
    // A beat that the last task has held up still counts.
    reactor.restart();
    reactor.poll();
    pulse.cancel();
    reactor.restart();
    reactor.poll();
}

void event_loop::watch_pool() {
    if (pool_watched) return;
    pool_watched = true;
    pool_end->async_wait(boost::asio::posix::stream_descriptor::wait_read,
                         [this](const boost::system::error_code&) { pool_watched = false; });
}

void event_loop::block() {
    if (pool != nullptr) {
        pool->dispatch();
        if (!pool->arm()) return;
        watch_pool();
    }
    std::int64_t until_ns = acceptor ? ask_again_ns : never_ns;
    if (pool != nullptr) until_ns = std::min(until_ns, pool->look_again_ns());
    bool rang = until_ns == never_ns;
    if (!rang) {
        alarm.expires_at(instant(until_ns));
        alarm.async_wait([&rang](const boost::system::error_code& failed) { rang = !failed; });
    }
    has_slept = true;
    reactor.restart();
    reactor.run_one();
    if (!rang) {
        alarm.cancel();
        reactor.poll();
    }
    if (pool != nullptr) pool->disarm();
}

}  // namespace stratbench
