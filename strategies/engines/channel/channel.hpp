#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <vector>

#include "harness/base/process/process_usage.hpp"
#include "harness/base/shared_memory.hpp"
#include "harness/base/sleep_flag.hpp"
#include "strategies/engines/channel/arena_use.hpp"
#include "workloads/task.hpp"

namespace stratbench {

// A channel joins one owner (the strategy) with one worker (a thread, a process, or a fork server).
// Tasks go one way through a ring of slots; the reply to the task of slot i is written to reply
// slot i. It lives in two pieces of shared memory: `requests`, which only the owner can write, and
// `replies`, which the worker writes. A stray store of a worker can thus reach nothing but its own
// replies, and the owner believes nothing there that its own, private indices do not allow.
//
// Tickets count tasks, modulo 2^32; ticket t is in slot t % capacity.
//
//     collected <= claimed <= pushed <= collected + capacity
//
//     pushed     tasks handed over              owner   private; published in `window`
//     claimed    tasks that the worker took     worker  private; published in `window`
//     collected  replies that the owner read    owner   private
//
// `window` holds pushed (high half) and claimed (low half) in one word, so that the owner can take
// back (revoke) tasks that the worker has not claimed: both change it atomically. A reply is
// announced by its own sequence number, ticket + 1, written last: the owner looks only at tickets
// in [collected, pushed), and no earlier lap of the ring can have left the number that it expects
// there. A worker announces in order of tickets; a fork server in any order.

/// A worker wrote what no worker writes: it must be replaced, nothing it says can be believed.
class corrupt_channel : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

struct channel_shape {
    /// Slots; a power of two.
    std::uint32_t capacity = 4096;
    /// Room for payloads, bytes: a multiple of 64, and at least twice the longest payload, since
    /// one that does not fit before the end begins at the start again.
    std::uint64_t arena_bytes = 0;
    /// The same for the bytes that tasks give back.
    std::uint64_t reply_arena_bytes = 0;
    /// A fork server's bound on living children; 0 for a worker.
    std::uint32_t max_live = 0;
    /// The limits of containment that the worker's side keeps.
    std::int64_t task_timeout_ns = 0;
    std::uint64_t worker_memory_bytes = 0;
};

struct reply {
    std::uint64_t value = 0;
    std::int64_t started_ns = 0;
    std::int64_t finished_ns = 0;
    task_outcome outcome = task_outcome::ok;
    /// ticket + 1; written last.
    std::atomic<std::uint32_t> sequence{0};

    [[nodiscard]] bool answers(std::uint32_t ticket, std::memory_order order) const noexcept {
        return sequence.load(order) == ticket + 1;
    }
};

/// The completion of a task, read from its reply: each field once, because the worker can still
/// write to it.
inline completion completion_of(std::uint64_t task_id, const reply& answer) noexcept {
    return {task_id, answer.value, answer.started_ns, answer.finished_ns, answer.outcome};
}

/// What only the owner writes; followed by the tasks, the offsets of payloads and of what tasks
/// give back, and the payloads' arena.
struct request_header {
    /// build_identity::hash of the owner's program: tasks and channels are laid out as there.
    std::uint64_t build = 0;
    channel_shape shape;
    alignas(64) std::atomic<std::uint32_t> quit{0};
};

/// A child of a fork server.
struct child_entry {
    /// 0 = free.
    std::atomic<std::int32_t> pid{0};
    std::uint32_t ticket = 0;
};

/// A sum that one process adds to and another reads, each count on its own.
class shared_usage {
  public:
    void add(const process_usage& more) noexcept {
        for (std::size_t i = 0; i < counts.size(); ++i) {
            sums_[i].fetch_add(more.*counts[i]);
        }
    }
    [[nodiscard]] process_usage read() const noexcept {
        process_usage result;
        for (std::size_t i = 0; i < counts.size(); ++i) {
            result.*counts[i] = sums_[i].load();
        }
        return result;
    }

  private:
    static constexpr std::array counts{&process_usage::user_ns,
                                       &process_usage::system_ns,
                                       &process_usage::voluntary_switches,
                                       &process_usage::involuntary_switches,
                                       &process_usage::minor_faults,
                                       &process_usage::major_faults};

    std::array<std::atomic<std::int64_t>, counts.size()> sums_{};
};

/// What the worker writes; followed by the replies, a fork server's children, and the arena of what
/// tasks give back.
struct reply_header {
    alignas(64) std::atomic<std::uint64_t> window{0};
    alignas(64) sleep_flag worker;
    alignas(64) sleep_flag owner;
    alignas(64) std::atomic<std::uint32_t> ready{0};
    /// Fork server: what its reaped children used, and how many were made.
    shared_usage gone;
    std::atomic<std::uint64_t> made{0};
};

/// Where everything is, in one process's mappings.
struct channel_view {
    request_header* requests = nullptr;
    task* tasks = nullptr;
    std::uint64_t* payload_offsets = nullptr;
    std::uint64_t* reply_offsets = nullptr;
    std::byte* arena = nullptr;
    reply_header* answers = nullptr;
    reply* replies = nullptr;
    child_entry* children = nullptr;
    std::byte* reply_arena = nullptr;

    static std::size_t request_bytes(const channel_shape& shape);
    static std::size_t reply_bytes(const channel_shape& shape);
    channel_view() = default;
    channel_view(std::byte* requests_at, std::byte* replies_at, const channel_shape& shape);
};

/// What the owner wants back with a task's reply; the worker never sees it.
struct owner_data {
    void* tag = nullptr;
    /// How often the task has been handed to a worker that died under it.
    std::uint32_t failed_attempts = 0;
};

/// The owner's end. Thread safety: one thread at a time.
class channel {
  public:
    /// Throws std::system_error where the kernel gives no memory.
    explicit channel(const channel_shape& shape);

    /// Whether a task can be staged now, with its payload and what it gives back.
    [[nodiscard]] bool has_room(const task& t) const noexcept;
    /// Writes a task, and its payload straight into shared memory; the worker sees it after
    /// publish. `kept` comes back with the reply. Precondition: has_room.
    void stage(const task& t, owner_data kept);
    /// Shows the worker what was staged and wakes it if it sleeps.
    void publish();

    /// Tasks handed over (or staged) whose replies have not been collected.
    [[nodiscard]] std::uint32_t outstanding() const noexcept { return pushed_ - collected_; }
    /// Outstanding tasks that the worker has not begun. Throws corrupt_channel.
    [[nodiscard]] std::uint32_t unclaimed() const { return published_ - claimed_by_worker(); }
    /// The ticket of the task that the worker is executing: the first without a reply, if it has
    /// been claimed. Only for a worker that answers in order; collect first. Throws
    /// corrupt_channel.
    [[nodiscard]] std::optional<std::uint32_t> executing() const;

    /// Calls f(const task&, owner_data, const reply&) for every new reply, in order of tickets. The
    /// worker can still write to the reply: read each field once. Throws corrupt_channel.
    template <class F>
    std::size_t collect(F&& f);
    /// What a task that collect is just giving has given back.
    [[nodiscard]] std::span<const std::byte> given_back(const task& collected) const noexcept {
        const auto at = static_cast<std::size_t>(&collected - view_.tasks);
        return collected.reply_bytes == 0
                   ? std::span<const std::byte>()
                   : std::span<const std::byte>(view_.reply_arena + view_.reply_offsets[at],
                                                collected.reply_bytes);
    }
    /// Whether collect would find something. After owner_flag().set_asleep() no reply is missed
    /// (see sleep_flag).
    [[nodiscard]] bool has_replies() const noexcept;

    /// Takes back up to `most` unclaimed tasks, the latest first: f(const task&, owner_data).
    /// Throws corrupt_channel.
    template <class F>
    std::size_t revoke(std::size_t most, F&& f);

    /// For a worker that is gone: f(const task&, owner_data, bool begun) for every task without a
    /// collected reply; begun = it was being executed. The channel is of no use afterwards.
    template <class F>
    void abandon(F&& f);

    sleep_flag& owner_flag() noexcept { return view_.answers->owner; }
    [[nodiscard]] bool worker_is_ready() const noexcept { return view_.answers->ready.load() != 0; }
    /// The worker ends when it has nothing left to do.
    void quit();

    [[nodiscard]] int request_fd() const noexcept { return requests_.fd(); }
    [[nodiscard]] int reply_fd() const noexcept { return replies_.fd(); }
    [[nodiscard]] const channel_view& shared() const noexcept { return view_; }

  private:
    [[nodiscard]] std::uint32_t slot(std::uint32_t ticket) const noexcept {
        return ticket & (shape_.capacity - 1);
    }
    /// A worker answers in the order of tickets, a fork server as its children end.
    [[nodiscard]] bool in_order() const noexcept { return shape_.max_live == 0; }
    /// Checks that a slot that is not answered yet holds the number of the lap before, or none.
    /// Throws corrupt_channel.
    void require_earlier_lap(const reply& theirs, std::uint32_t ticket) const;
    /// The value of claimed in a reading of `window`. Throws corrupt_channel.
    [[nodiscard]] std::uint32_t checked_claimed(std::uint64_t window) const;
    [[nodiscard]] std::uint32_t claimed_by_worker() const {
        return checked_claimed(view_.answers->window.load(std::memory_order_acquire));
    }
    void release(std::uint32_t up_to);

    channel_shape shape_;
    shared_memory requests_;
    shared_memory replies_;
    channel_view view_;

    std::uint32_t pushed_ = 0;
    std::uint32_t published_ = 0;
    std::uint32_t collected_ = 0;

    arena_use payloads_;
    arena_use given_back_;

    struct in_flight {
        owner_data kept;
        bool taken = false;  ///< collected out of order
        /// Positions behind the payload and what is given back; kept until the slot is used again.
        std::uint64_t payload_end = 0;
        std::uint64_t given_back_end = 0;
    };
    std::vector<in_flight> private_slots_;
};

template <class F>
std::size_t channel::collect(F&& f) {
    std::size_t found = 0;
    for (std::uint32_t ticket = collected_; ticket != published_; ++ticket) {
        const std::uint32_t at = slot(ticket);
        in_flight& mine = private_slots_[at];
        if (mine.taken) {
            continue;
        }
        const reply& theirs = view_.replies[at];
        // transition: the reply is the owner's; acquires what the worker wrote before it
        if (!theirs.answers(ticket, std::memory_order_acquire)) {
            require_earlier_lap(theirs, ticket);
            if (in_order()) {
                break;
            }
            continue;
        }
        mine.taken = true;
        ++found;
        f(view_.tasks[at], mine.kept, theirs);
    }
    std::uint32_t up_to = collected_;
    while (up_to != published_ && private_slots_[slot(up_to)].taken) {
        ++up_to;
    }
    release(up_to);
    return found;
}

template <class F>
std::size_t channel::revoke(std::size_t most, F&& f) {
    std::size_t count = 0;
    std::uint64_t seen = view_.answers->window.load(std::memory_order_acquire);
    std::uint64_t wanted = 0;
    do {  // transition: pushed -= count, only while claimed is what was seen
        const std::uint32_t claimed = checked_claimed(seen);
        count = std::min<std::size_t>(most, published_ - claimed);
        if (count == 0) {
            return 0;
        }
        wanted =
            (static_cast<std::uint64_t>(published_ - static_cast<std::uint32_t>(count)) << 32) |
            claimed;
    } while (!view_.answers->window.compare_exchange_weak(seen, wanted));
    for (std::size_t i = 0; i < count; ++i) {
        --pushed_;
        const in_flight& last = private_slots_[slot(pushed_ - 1)];
        payloads_.take_back_to(last.payload_end);
        given_back_.take_back_to(last.given_back_end);
        f(view_.tasks[slot(pushed_)], private_slots_[slot(pushed_)].kept);
    }
    published_ = pushed_;
    return count;
}

template <class F>
void channel::abandon(F&& f) {
    // Whether an index of a dead worker can be believed does not matter here: the answer is only
    // which of its tasks take the blame.
    const std::uint32_t claimed =
        static_cast<std::uint32_t>(view_.answers->window.load()) - collected_;
    bool may_be_begun = true;
    for (std::uint32_t i = 0; i < outstanding(); ++i) {
        const in_flight& mine = private_slots_[slot(collected_ + i)];
        if (mine.taken) {
            continue;
        }
        f(view_.tasks[slot(collected_ + i)], mine.kept, may_be_begun && i < claimed);
        if (in_order()) {
            may_be_begun = false;
        }
    }
    collected_ = pushed_;
}

/// The worker's end. Thread safety: one thread at a time.
class channel_worker {
  public:
    /// Throws std::runtime_error where the other side is of another build.
    explicit channel_worker(const channel_view& view);

    /// Claims up to `most` tasks, in order; returns how many. They are tickets first() onward.
    std::uint32_t claim(std::uint32_t most) noexcept;
    [[nodiscard]] std::uint32_t first() const noexcept { return claimed_ - last_claim_; }

    [[nodiscard]] const task& at(std::uint32_t ticket) const noexcept {
        return view_.tasks[slot(ticket)];
    }
    [[nodiscard]] payload_view payload(std::uint32_t ticket) const noexcept {
        const task& t = at(ticket);
        if (t.payload_bytes == 0) {
            return {};
        }
        return {view_.arena + view_.payload_offsets[slot(ticket)], t.payload_bytes};
    }
    [[nodiscard]] std::span<std::byte> reply_room(std::uint32_t ticket) const noexcept {
        const task& t = at(ticket);
        if (t.reply_bytes == 0) {
            return {};
        }
        return {view_.reply_arena + view_.reply_offsets[slot(ticket)], t.reply_bytes};
    }
    [[nodiscard]] reply& answer(std::uint32_t ticket) const noexcept {
        return view_.replies[slot(ticket)];
    }
    /// Announces a reply that others follow at once; true if the owner is seen to sleep and must be
    /// woken. Cheap: an owner that is just falling asleep may be missed until finish_last.
    [[nodiscard]] bool finish(std::uint32_t ticket) noexcept {
        // transition: the reply is the owner's
        answer(ticket).sequence.store(ticket + 1, std::memory_order_release);
        return view_.answers->owner.seems_asleep() && view_.answers->owner.take_awake();
    }
    /// Announces a reply before others may be long in coming; true if the owner sleeps and must be
    /// woken. The order of the store and of the look at the owner's flag is sleep_flag's.
    [[nodiscard]] bool finish_last(std::uint32_t ticket) noexcept {
        answer(ticket).sequence.store(ticket + 1);
        return view_.answers->owner.take_awake();
    }

    [[nodiscard]] bool has_work() const noexcept {
        const std::uint64_t seen = view_.answers->window.load();
        return static_cast<std::uint32_t>(seen >> 32) != static_cast<std::uint32_t>(seen);
    }
    [[nodiscard]] bool quitting() const noexcept { return view_.requests->quit.load() != 0; }
    sleep_flag& flag() noexcept { return view_.answers->worker; }
    [[nodiscard]] const channel_view& shared() const noexcept { return view_; }

  private:
    [[nodiscard]] std::uint32_t slot(std::uint32_t ticket) const noexcept {
        return ticket & (capacity_ - 1);
    }

    channel_view view_;
    std::uint32_t capacity_;
    std::uint32_t claimed_ = 0;
    std::uint32_t last_claim_ = 0;
};

}  // namespace stratbench
