#include "strategies/engines/pool/worker_pool.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <new>
#include <stdexcept>

#include "harness/base/refusal.hpp"

namespace stratbench {
namespace {

/// Work that a worker should have in hand: about twice what waking the owner takes, so that it
/// never waits for the owner and yet hoards little that others could do.
constexpr double in_hand_ns = 100'000;

/// Unstarted work worth moving to an idle worker.
constexpr double worth_moving_ns = 20'000;

/// Between two looks at a task that a worker may have begun since the last one: so much later than
/// its time is it ended. A part of the time that tasks are given, but no less than the second.
constexpr std::int64_t looks_per_timeout = 16;
constexpr std::int64_t shortest_look_ns = 1'000'000;

/// Where no worker can be made: the first and the longest time until the next attempt, and for how
/// long a pool without any worker asks before it gives up.
constexpr std::int64_t first_pause_ns = 10'000'000;
constexpr std::int64_t longest_pause_ns = 1'000'000'000;
constexpr std::int64_t patience_ns = 5'000'000'000;

constexpr std::uint64_t wake_up_event = ~std::uint64_t{0};

std::unique_ptr<crew> make_crew(const pool_options& options) {
    switch (options.kind) {
        case worker_kind::thread:
            return make_thread_crew(options.output);
        case worker_kind::process:
            return make_process_crew(options.ledger, options.output);
        case worker_kind::process_per_task:
            return make_fork_server_crew(options.ledger, options.output);
    }
    throw std::logic_error("unknown kind of worker");
}

/// Queues of tasks as worker_pool::deal takes them.
template <class Pending>
class pending_queue {
  public:
    explicit pending_queue(Pending& of) : tasks_(of) {}
    [[nodiscard]] std::size_t size() const { return tasks_.size(); }
    [[nodiscard]] const task& front() const { return tasks_.front().what; }
    [[nodiscard]] owner_data kept() const { return tasks_.front().kept; }
    void pop() { tasks_.pop_front(); }

  private:
    Pending& tasks_;
};
class fresh_tasks {
  public:
    explicit fresh_tasks(std::span<const task> of) : tasks_(of) {}
    [[nodiscard]] std::size_t size() const { return tasks_.size(); }
    [[nodiscard]] const task& front() const { return tasks_.front(); }
    [[nodiscard]] static owner_data kept() { return {}; }
    void pop() { tasks_ = tasks_.subspan(1); }
    [[nodiscard]] std::span<const task> rest() const { return tasks_; }

  private:
    std::span<const task> tasks_;
};

void watch(int poller, int fd, std::uint64_t event) {
    epoll_event wanted{};
    wanted.events = EPOLLIN;
    wanted.data.u64 = event;
    checked(::epoll_ctl(poller, EPOLL_CTL_ADD, fd, &wanted), "cannot watch a descriptor");
}

}  // namespace

channel_shape worker_pool::shape() const {
    channel_shape result;
    const bool forks = options_.kind == worker_kind::process_per_task;
    result.capacity = forks ? 1024 : 4096;
    result.task_timeout_ns = options_.limits.task_timeout_ns;
    result.max_live = forks ? static_cast<std::uint32_t>(options_.workers) : 0;
    while (result.capacity < 2 * result.max_live) {
        result.capacity *= 2;
    }
    result.worker_memory_bytes = options_.limits.worker_memory_bytes;
    if (options_.max_payload_bytes != 0) {
        // Room for the payloads of the tasks in hand, a mebibyte of short ones at least.
        const std::uint64_t padded = (std::uint64_t{options_.max_payload_bytes} + 63) / 64 * 64;
        const std::uint64_t tasks = forks ? 2 * std::uint64_t{result.max_live} + 2 : 4;
        result.arena_bytes = std::max<std::uint64_t>(tasks * padded, 1 << 20);
    }
    return result;
}

worker_pool::worker_pool(const pool_options& wanted) try
    : options_(wanted),
      wake_up_(checked(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "cannot make an eventfd")),
      poller_(checked(::epoll_create1(EPOLL_CLOEXEC), "cannot make an epoll descriptor")),
      seats_(options_.kind == worker_kind::process_per_task
                 ? 1
                 : static_cast<std::size_t>(options_.workers)),
      crew_(make_crew(options_)) {
    watch(poller_.get(), wake_up_.get(), wake_up_event);
    try {
        for (std::size_t at = 0; at < seats_.size(); ++at) {
            hire(at);
        }
        await_ready();
    } catch (...) {
        for (auto& each : seats_) {
            if (each.line) {
                each.line->quit();
            }
        }
        crew_.reset();
        throw;
    }
} catch (const std::bad_alloc&) {
    throw_refused(ENOMEM, "cannot make a pool of workers");
}

worker_pool::~worker_pool() {
    for (auto& each : seats_) {
        if (each.line) {
            each.line->quit();
        }
    }
    for (std::size_t at = 0; at < seats_.size(); ++at) {
        if (!seats_[at].line) {
            continue;
        }
        if (seats_[at].outstanding() == 0) {
            crew_->dismiss(at);
        } else {
            crew_->remove(at);
        }
    }
}

// --- Workers come and go
// --------------------------------------------------------------------------

void worker_pool::hire(std::size_t at) {
    try {
        auto line = std::make_unique<channel>(shape());
        crew_->hire(at, *line, wake_up_.get());
        seats_[at].line = std::move(line);
    } catch (const std::bad_alloc&) {
        throw_refused(ENOMEM, "cannot start worker " + std::to_string(at + 1));
    }
    seats_[at].given = 0;
    seats_[at].executing.reset();
    if (const int fd = crew_->end_fd(at); fd >= 0) {
        watch(poller_.get(), fd, at);
    }
}

void worker_pool::await_ready() {
    const auto ready = [](const seat& s) { return s.line->worker_is_ready(); };
    while (!std::all_of(seats_.begin(), seats_.end(), ready)) {
        epoll_event event{};
        // A thread is ready without a signal: look again soon.
        const int count = ::epoll_wait(poller_.get(), &event, 1, 1);
        if (count > 0 && event.data.u64 != wake_up_event) {
            throw std::runtime_error("a worker process ended before it was ready");
        }
        eventfd_t ignored = 0;
        eventfd_read(wake_up_.get(), &ignored);
    }
}

void worker_pool::try_to_hire(std::size_t at) {
    try {
        hire(at);
    } catch (const std::system_error& refused) {
        if (seats_[at].line) {
            remove_worker(at);
        }
        leave_vacant(at, refused.what());
    }
}

/// Leaves a seat without a worker for a while, `why` being what stands against one.
void worker_pool::leave_vacant(std::size_t at, const std::string& why) {
    const std::int64_t now = now_ns();
    seat& s = seats_[at];
    s.line.reset();
    s.hire_again_ns = now + std::min(longest_pause_ns, first_pause_ns << std::min(s.failures, 10));
    ++s.failures;
    look_by(s.hire_again_ns);
    if (std::any_of(seats_.begin(), seats_.end(), [](const seat& each) { return !!each.line; })) {
        return;
    }
    if (deserted_since_ns_ == never_ns) {
        deserted_since_ns_ = now;
    }
    if (now - deserted_since_ns_ >= patience_ns) {
        throw std::runtime_error("no worker is left and none can be made: " + why);
    }
}

/// Makes sure that a worker is gone, and that nobody hears of its end any more. Closing the
/// descriptor of its end does not see to that: a process that is just being made may still hold a
/// copy, and then the next worker of the seat would be buried in place of this one.
void worker_pool::remove_worker(std::size_t at) {
    if (const int fd = crew_->end_fd(at); fd >= 0) {
        ::epoll_ctl(poller_.get(), EPOLL_CTL_DEL, fd, nullptr);
    }
    crew_->remove(at);
}

void worker_pool::replace(std::size_t at, task_outcome of_the_begun) {
    remove_worker(at);
    seat& s = seats_[at];
    std::vector<queued> untouched;
    s.line->abandon([&](const task& t, owner_data kept, bool begun) {
        --handed_over_;
        if (!begun) {
            untouched.push_back({t, kept});
        } else if (of_the_begun != task_outcome::crashed || !try_again(t, kept)) {
            late_results_.push_back({{t.id, 0, 0, 0, of_the_begun}, kept.tag});
        }
    });
    pending_.insert(pending_.begin(), untouched.begin(), untouched.end());
    if (options_.counts != nullptr) {
        ++options_.counts->workers_replaced;
    }
    if (s.line->worker_is_ready()) {
        s.failures = 0;
        deserted_since_ns_ = never_ns;
        try_to_hire(at);
    } else {
        leave_vacant(at, "worker processes end before they are ready");
    }
    dispatch();
}

/// Replaces a worker that has nothing to do and has done as many tasks as a worker may.
void worker_pool::recycle(std::size_t at) {
    remove_worker(at);
    if (options_.counts != nullptr) {
        ++options_.counts->workers_replaced;
    }
    try_to_hire(at);
}

/// Collects what a worker has ended, for the next collect to hand out.
void worker_pool::collect_rest(std::size_t at) {
    collect_from(at, [this](const pool_result& each) { late_results_.push_back(each); });
}

void worker_pool::on_worker_death(std::size_t at) {
    try {
        collect_rest(at);
    } catch (const corrupt_channel&) {
        // Replaced for its death as well as for that.
    }
    replace(at, task_outcome::crashed);
}

/// Looks for workers that have ended while their owner was too busy to sleep.
void worker_pool::look_for_deaths() {
    std::array<epoll_event, 8> events{};
    const int count =
        ::epoll_wait(poller_.get(), events.data(), static_cast<int>(events.size()), 0);
    for (int i = 0; i < count; ++i) {
        if (events[static_cast<std::size_t>(i)].data.u64 == wake_up_event) {
            eventfd_t ignored = 0;
            eventfd_read(wake_up_.get(), &ignored);
        } else {
            on_worker_death(events[static_cast<std::size_t>(i)].data.u64);
        }
    }
}

/// Whether a task whose worker died is executed again; it is then queued.
bool worker_pool::try_again(const task& t, owner_data kept) {
    if (kept.failed_attempts >= static_cast<std::uint32_t>(options_.limits.retries)) {
        return false;
    }
    pending_.push_back({t, {kept.tag, kept.failed_attempts + 1}});
    if (options_.counts != nullptr) {
        ++options_.counts->retries;
    }
    return true;
}

void worker_pool::look_after_workers() {
    const std::int64_t now = now_ns();
    if (now < next_look_ns_) {
        return;
    }
    next_look_ns_ = never_ns;
    for (std::size_t at = 0; at < seats_.size(); ++at) {
        seat& s = seats_[at];
        if (!s.line && now >= s.hire_again_ns) {
            try_to_hire(at);
        }
        if (!s.line) {
            look_by(s.hire_again_ns);
        } else if (can_interrupt_tasks() && s.outstanding() != 0) {
            look_after_task_of(at, now);
        }
    }
    dispatch();
}

/// Ends the task of a seat that is beyond its time. What the worker wrote decides only which of its
/// own tasks that is.
void worker_pool::look_after_task_of(std::size_t at, std::int64_t now) {
    seat& s = seats_[at];
    const std::int64_t limit = options_.limits.task_timeout_ns;
    try {
        const auto is_the_same = [&] { return s.executing && s.executing == s.line->executing(); };
        const bool overdue = is_the_same() && now - s.executing_since_ns >= limit;
        if (overdue) {
            collect_rest(at);
        }
        if (overdue && is_the_same()) {
            replace(at, task_outcome::timed_out);
            return;
        }
        if (!is_the_same()) {
            s.executing = s.line->executing();
            s.executing_since_ns = now;
        }
    } catch (const corrupt_channel&) {
        replace(at, task_outcome::crashed);
        return;
    }
    const std::int64_t soon_ns = now + std::max(shortest_look_ns, limit / looks_per_timeout);
    look_by(s.executing ? std::min(s.executing_since_ns + limit, soon_ns) : soon_ns);
}

// --- Tasks
// ----------------------------------------------------------------------------------------

std::uint32_t worker_pool::enough_for_one() const noexcept {
    if (options_.kind == worker_kind::process_per_task) {
        return 2 * static_cast<std::uint32_t>(options_.workers);
    }
    if (options_.chunk != 0) {
        return 2 * options_.chunk;
    }
    if (service_ns_ <= 0) {
        return 2;
    }
    return 1 + static_cast<std::uint32_t>(std::clamp(in_hand_ns / service_ns_, 1.0, 4095.0));
}

std::uint32_t worker_pool::room_for(const seat& s, std::uint32_t enough) const noexcept {
    const std::uint32_t in_hand = s.outstanding();
    if (!s.line || in_hand >= enough) {
        return 0;
    }
    const std::uint64_t most = options_.limits.max_tasks_per_worker;
    if (most == 0 || options_.kind != worker_kind::process) {
        return enough - in_hand;
    }
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(enough - in_hand, most - s.given));
}

template <class Queue>
void worker_pool::distribute(Queue& from) {
    const std::uint32_t enough = enough_for_one();
    while (from.size() != 0) {
        const auto emptiest =
            std::max_element(seats_.begin(), seats_.end(), [&](const seat& a, const seat& b) {
                return room_for(a, enough) < room_for(b, enough);
            });
        std::size_t share = std::max<std::size_t>(1, from.size() / seats_.size());
        if (options_.chunk != 0) {
            share = options_.chunk;
        }
        share = std::min<std::size_t>({share, room_for(*emptiest, enough), from.size()});
        std::size_t given = 0;
        while (given < share && emptiest->line->has_room(from.front().payload_bytes)) {
            emptiest->line->stage(from.front(), from.kept());
            from.pop();
            ++given;
        }
        if (given == 0) {
            break;
        }
        handed_over_ += given;
        emptiest->given += given;
        emptiest->staged = true;
    }
    for (auto& each : seats_) {
        if (!each.staged) {
            continue;
        }
        each.line->publish();
        each.staged = false;
        if (can_interrupt_tasks() && next_look_ns_ == never_ns) {
            look_by(now_ns());
        }
    }
}

void worker_pool::dispatch() {
    if (pending_.empty()) {
        return;
    }
    pending_queue from(pending_);
    distribute(from);
}

void worker_pool::submit(std::span<const task> tasks) {
    fresh_tasks from(tasks);
    if (pending_.empty()) {
        distribute(from);
    }
    for (const task& t : from.rest()) {
        submit(t);
    }
}

void worker_pool::learn_service_time(std::int64_t latest_ns) noexcept {
    const auto latest = static_cast<double>(latest_ns);
    service_ns_ = service_ns_ > 0 ? service_ns_ + (latest - service_ns_) / 8 : latest;
}

void worker_pool::collected_some() {
    if (options_.limits.max_tasks_per_worker != 0 && options_.kind == worker_kind::process) {
        for (std::size_t at = 0; at < seats_.size(); ++at) {
            if (seats_[at].given >= options_.limits.max_tasks_per_worker &&
                seats_[at].outstanding() == 0) {
                recycle(at);
            }
        }
    }
    rebalance();
    dispatch();
}

void worker_pool::rebalance() {
    if (!pending_.empty() || seats_.size() < 2) {
        return;
    }
    const auto idle = std::find_if(seats_.begin(), seats_.end(), [this](const seat& s) {
        return s.outstanding() == 0 && room_for(s, enough_for_one()) != 0;
    });
    if (idle == seats_.end()) {
        return;
    }
    auto most = std::max_element(seats_.begin(), seats_.end(), [](const seat& a, const seat& b) {
        return a.outstanding() < b.outstanding();
    });
    if (most->outstanding() < 2) {
        return;
    }
    try {
        const std::uint32_t unclaimed = most->line->unclaimed();
        if (unclaimed * service_ns_ < worth_moving_ns) {
            return;
        }
        const std::size_t moved =
            most->line->revoke((unclaimed + 1) / 2, [this](const task& t, owner_data kept) {
                pending_.push_front({t, kept});
            });
        handed_over_ -= moved;
        most->given -= moved;
    } catch (const corrupt_channel&) {
        replace(static_cast<std::size_t>(most - seats_.begin()), task_outcome::crashed);
    }
}

void worker_pool::cancel_unstarted(std::vector<pool_result>& into) {
    const auto give_up = [&into](const task& t, owner_data kept) {
        into.push_back({{t.id, 0, 0, 0, task_outcome::cancelled}, kept.tag});
    };
    for (std::size_t at = 0; at < seats_.size(); ++at) {
        if (!seats_[at].line) {
            continue;
        }
        try {
            handed_over_ -= seats_[at].line->revoke(seats_[at].outstanding(), give_up);
        } catch (const corrupt_channel&) {
            replace(at, task_outcome::crashed);
        }
    }
    for (const queued& each : pending_) {
        give_up(each.what, each.kept);
    }
    pending_.clear();
}

// --- Waiting
// --------------------------------------------------------------------------------------

bool worker_pool::arm() {
    for (auto& each : seats_) {
        if (each.line) {
            each.line->owner_flag().set_asleep();
        }
    }
    const bool nothing =
        late_results_.empty() && std::none_of(seats_.begin(), seats_.end(), [](const seat& s) {
            return s.line && s.line->has_replies();
        });
    // Whoever sleeps because of a worker that lost its way would do so for ever.
    if (!nothing || replace_corrupt()) {
        disarm();
        return false;
    }
    return true;
}

/// Replaces the workers whose indices are impossible; true if there were any.
bool worker_pool::replace_corrupt() {
    bool any = false;
    for (std::size_t at = 0; at < seats_.size(); ++at) {
        if (seats_[at].outstanding() == 0) {
            continue;
        }
        try {
            static_cast<void>(seats_[at].line->unclaimed());
        } catch (const corrupt_channel&) {
            replace(at, task_outcome::crashed);
            any = true;
        }
    }
    return any;
}

void worker_pool::disarm() {
    for (auto& each : seats_) {
        if (each.line) {
            each.line->owner_flag().set_awake();
        }
    }
    look_for_deaths();
}

void worker_pool::wait() {
    if (!arm()) {
        return;
    }
    doze(look_again_ns());
    disarm();
}

void worker_pool::doze(std::int64_t until_ns) const noexcept {
    epoll_event event{};
    if (until_ns == never_ns) {
        ::epoll_wait(poller_.get(), &event, 1, -1);
        return;
    }
    const std::int64_t left_ns = std::max<std::int64_t>(0, until_ns - now_ns());
    // Rounded up: who wakes too early would turn around at once.
    ::epoll_wait(
        poller_.get(), &event, 1,
        static_cast<int>(std::min<std::int64_t>((left_ns + 999'999) / 1'000'000, 1'000'000)));
}

void worker_pool::wake() const noexcept {
    eventfd_write(wake_up_.get(), 1);
}

}  // namespace stratbench
