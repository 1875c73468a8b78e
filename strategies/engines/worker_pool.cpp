#include "strategies/engines/worker_pool.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace stratbench {
namespace {

/// Work that a worker should have in hand: about twice what waking the owner takes, so that it
/// never waits for the owner and yet hoards little that others could do.
constexpr double in_hand_ns = 100'000;

/// Unstarted work worth moving to an idle worker.
constexpr double worth_moving_ns = 20'000;

constexpr std::uint64_t wake_up_event = ~std::uint64_t{0};

std::unique_ptr<crew> make_crew(const pool_options& options) {
    switch (options.kind) {
        case worker_kind::thread:
            return make_thread_crew();
        case worker_kind::process:
            return make_process_crew(options.ledger);
        case worker_kind::process_per_task:
            return make_fork_server_crew(options.ledger);
    }
    throw std::logic_error("unknown kind of worker");
}

void watch(int poller, int fd, std::uint64_t event) {
    epoll_event wanted{};
    wanted.events = EPOLLIN;
    wanted.data.u64 = event;
    checked(::epoll_ctl(poller, EPOLL_CTL_ADD, fd, &wanted), "cannot watch a descriptor");
}

}  // namespace

channel_shape worker_pool::shape() const {
    channel_shape result;
    const bool forks = options.kind == worker_kind::process_per_task;
    result.capacity = forks ? 1024 : 4096;
    result.max_live = forks ? static_cast<std::uint32_t>(options.workers) : 0;
    while (result.capacity < 2 * result.max_live) result.capacity *= 2;
    if (options.max_payload_bytes != 0) {
        // Room for the payloads of the tasks in hand, a mebibyte of short ones at least.
        const std::uint64_t padded = (std::uint64_t{options.max_payload_bytes} + 63) / 64 * 64;
        const std::uint64_t tasks = forks ? 2 * std::uint64_t{result.max_live} + 2 : 4;
        result.arena_bytes = std::max<std::uint64_t>(tasks * padded, 1 << 20);
    }
    return result;
}

worker_pool::worker_pool(const pool_options& wanted)
    : options(wanted),
      wake_up(checked(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "cannot make an eventfd")),
      poller(checked(::epoll_create1(EPOLL_CLOEXEC), "cannot make an epoll descriptor")),
      seats(options.kind == worker_kind::process_per_task
                ? 1
                : static_cast<std::size_t>(options.workers)),
      people(make_crew(options)) {
    watch(poller.get(), wake_up.get(), wake_up_event);
    try {
        for (std::size_t at = 0; at < seats.size(); ++at) hire(at);
        await_ready();
    } catch (...) {
        for (auto& each : seats) {
            if (each.line) each.line->quit();
        }
        people.reset();
        throw;
    }
}

worker_pool::~worker_pool() {
    for (auto& each : seats) each.line->quit();
    for (std::size_t at = 0; at < seats.size(); ++at) {
        if (seats[at].line->outstanding() == 0) {
            people->dismiss(at);
        } else {
            people->remove(at);
        }
    }
}

void worker_pool::hire(std::size_t at) {
    seats[at].line = std::make_unique<channel>(shape());
    people->hire(at, *seats[at].line, wake_up.get());
    if (const int fd = people->end_fd(at); fd >= 0) watch(poller.get(), fd, at);
}

void worker_pool::await_ready() {
    const auto ready = [](const seat& s) { return s.line->worker_is_ready(); };
    while (!std::all_of(seats.begin(), seats.end(), ready)) {
        epoll_event event{};
        // A thread is ready without a signal: look again soon.
        const int count = ::epoll_wait(poller.get(), &event, 1, 1);
        if (count > 0 && event.data.u64 != wake_up_event) {
            throw std::runtime_error("a worker process ended before it was ready");
        }
        eventfd_t ignored = 0;
        eventfd_read(wake_up.get(), &ignored);
    }
}

std::uint32_t worker_pool::enough_for_one() const noexcept {
    if (options.kind == worker_kind::process_per_task) {
        return 2 * static_cast<std::uint32_t>(options.workers);
    }
    if (options.chunk != 0) return 2 * options.chunk;
    if (service_ns <= 0) return 2;
    return 1 + static_cast<std::uint32_t>(std::clamp(in_hand_ns / service_ns, 1.0, 4095.0));
}

void worker_pool::dispatch() {
    if (pending.empty()) return;
    const std::uint32_t enough = enough_for_one();
    while (!pending.empty()) {
        auto least = std::min_element(seats.begin(), seats.end(), [](const seat& a, const seat& b) {
            return a.line->outstanding() < b.line->outstanding();
        });
        channel& line = *least->line;
        if (line.outstanding() >= enough) break;
        std::size_t share = std::max<std::size_t>(1, pending.size() / seats.size());
        if (options.chunk != 0) share = options.chunk;
        share = std::min<std::size_t>({share, enough - line.outstanding(), pending.size()});
        std::size_t given = 0;
        while (given < share && line.has_room(pending.front().what.payload_bytes)) {
            line.stage(pending.front().what, pending.front().tag);
            pending.pop_front();
            ++given;
        }
        if (given == 0) break;
        handed_over += given;
        least->staged = true;
    }
    for (auto& each : seats) {
        if (each.staged) each.line->publish();
        each.staged = false;
    }
}

std::size_t worker_pool::collect_from(std::size_t at, std::vector<pool_result>& into) {
    std::int64_t stamped_ns = 0;
    const auto add = [&](const task& t, void* tag, const reply& answer) {
        if (answer.started_ns != 0) stamped_ns = answer.finished_ns - answer.started_ns;
        into.push_back(
            {{t.id, answer.value, answer.started_ns, answer.finished_ns, answer.what}, tag});
    };
    std::size_t count = 0;
    try {
        count = seats[at].line->collect(add);
    } catch (const corrupt_channel&) {
        replace(at);
        return 0;
    }
    handed_over -= count;
    if (stamped_ns > 0) {
        const auto latest = static_cast<double>(stamped_ns);
        service_ns = service_ns > 0 ? service_ns + (latest - service_ns) / 8 : latest;
    }
    return count;
}

std::size_t worker_pool::collect(std::vector<pool_result>& into) {
    std::size_t count = casualties.size();
    into.insert(into.end(), casualties.begin(), casualties.end());
    casualties.clear();
    for (std::size_t at = 0; at < seats.size(); ++at) {
        if (seats[at].line->has_replies()) count += collect_from(at, into);
    }
    if (count != 0) {
        rebalance();
        dispatch();
    }
    return count;
}

void worker_pool::rebalance() {
    if (!pending.empty() || seats.size() < 2) return;
    const auto idle = std::find_if(seats.begin(), seats.end(),
                                   [](const seat& s) { return s.line->outstanding() == 0; });
    if (idle == seats.end()) return;
    auto most = std::max_element(seats.begin(), seats.end(), [](const seat& a, const seat& b) {
        return a.line->outstanding() < b.line->outstanding();
    });
    if (most->line->outstanding() < 2) return;
    try {
        const std::uint32_t unclaimed = most->line->unclaimed();
        if (unclaimed * service_ns < worth_moving_ns) return;
        handed_over -= most->line->revoke((unclaimed + 1) / 2, [this](const task& t, void* tag) {
            pending.push_front({t, tag});
        });
    } catch (const corrupt_channel&) {
        replace(static_cast<std::size_t>(most - seats.begin()));
    }
}

void worker_pool::cancel_unstarted(std::vector<pool_result>& into) {
    const auto give_up = [&into](const task& t, void* tag) {
        into.push_back({{t.id, 0, 0, 0, outcome::cancelled}, tag});
    };
    for (std::size_t at = 0; at < seats.size(); ++at) {
        try {
            handed_over -= seats[at].line->revoke(seats[at].line->outstanding(), give_up);
        } catch (const corrupt_channel&) {
            replace(at);
        }
    }
    for (const queued& each : pending) give_up(each.what, each.tag);
    pending.clear();
}

void worker_pool::replace(std::size_t at) {
    people->remove(at);
    std::vector<queued> untouched;
    seats[at].line->abandon([&](const task& t, void* tag, bool begun) {
        --handed_over;
        if (begun) {
            casualties.push_back({{t.id, 0, 0, 0, outcome::crashed}, tag});
        } else {
            untouched.push_back({t, tag});
        }
    });
    pending.insert(pending.begin(), untouched.begin(), untouched.end());
    hire(at);
    dispatch();
}

bool worker_pool::arm() {
    for (auto& each : seats) each.line->owner_flag().set_asleep();
    const bool nothing =
        casualties.empty() &&
        std::none_of(seats.begin(), seats.end(), [](auto& s) { return s.line->has_replies(); });
    if (!nothing) disarm();
    return nothing;
}

void worker_pool::disarm() {
    for (auto& each : seats) each.line->owner_flag().set_awake();
    std::array<epoll_event, 8> events{};
    const int count = ::epoll_wait(poller.get(), events.data(), static_cast<int>(events.size()), 0);
    for (int i = 0; i < count; ++i) {
        if (events[static_cast<std::size_t>(i)].data.u64 == wake_up_event) {
            eventfd_t ignored = 0;
            eventfd_read(wake_up.get(), &ignored);
        } else {
            bury(events[static_cast<std::size_t>(i)].data.u64);
        }
    }
}

void worker_pool::bury(std::size_t at) {
    // What it had ended before counts as ended.
    collect_from(at, casualties);
    replace(at);
}

void worker_pool::wait() {
    if (!arm()) return;
    doze();
    disarm();
}

void worker_pool::doze() const noexcept {
    epoll_event event{};
    ::epoll_wait(poller.get(), &event, 1, -1);
}

void worker_pool::wake() const noexcept {
    eventfd_write(wake_up.get(), 1);
}

}  // namespace stratbench
