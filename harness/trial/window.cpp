#include "harness/trial/window.hpp"

#include <sched.h>

#include <algorithm>

#include "harness/base/hash.hpp"

namespace stratbench {
namespace {

/// Enough for every acceptance and stamp of an ordinary window; beyond it the vectors grow.
constexpr std::uint64_t most_prepared = 1 << 20;

/// Longest uninterrupted sleep of a waiting front end: how late it hears that the window has ended.
constexpr std::int64_t longest_nap_ns = 20'000'000;

}  // namespace

window::window(std::unique_ptr<arrivals> load, const window_rules& rules)
    : load_(std::move(load)), rules_(rules), record_(load_->most()) {
    // Written once, so that the pages are there before the window opens.
    taken_.resize(std::min(load_->most(), most_prepared));
    taken_.clear();
    stamped_.resize(std::min(load_->most() / rules_.stamp_one_in + 1, most_prepared));
    stamped_.clear();
}

void window::open() {
    start_ns_ = rules_.time.now();
}

task window::make(std::uint64_t id) const {
    task t;
    make_in(t, id);
    return t;
}

void window::make_in(task& t, std::uint64_t id) const {
    rules_.model.make_in(t, id, rules_.seed);
    // A hash picks the stamped tasks: every strategy has them stamped alike, and they form no
    // pattern that a strategy's own period could meet.
    t.stamped = (mix64(id, rules_.seed) & (rules_.stamp_one_in - 1)) == 0 ? 1 : 0;
}

std::size_t window::hand_out(std::span<task> into, std::uint64_t due, std::int64_t now) {
    const auto count = std::min<std::uint64_t>(due - next_, into.size());
    if (count == 0) {
        return 0;
    }
    for (std::uint64_t i = 0; i < count; ++i) {
        make_in(into[i], next_ + i);
    }
    if (rules_.listener != nullptr) {
        for (std::uint64_t id = next_; id < next_ + count; ++id) {
            rules_.listener->accepted(id, load_->due_ns(id), now);
        }
    }
    const std::int64_t first_due = start_ns_ + load_->due_ns(next_);
    const bool waited_for = asking_since_ns_ != 0 && asking_since_ns_ < first_due;
    if (waited_for && spinning_since_ns_ != 0) {
        spun_pacing_ns_ += first_due - spinning_since_ns_;
    }
    asking_since_ns_ = 0;
    spinning_since_ns_ = 0;
    has_slept_ = false;
    taken_.push_back({next_, count, now, waited_for});
    next_ += count;
    load_->taken(next_, now - start_ns_);
    return count;
}

take_result window::take(std::span<task> into, take_mode mode) {
    for (;;) {
        const std::int64_t now = rules_.time.now();
        if (ended_.load(std::memory_order_relaxed) || now - start_ns_ >= rules_.drain_until_ns) {
            return {.ended = true};
        }
        const std::uint64_t due = load_->due_by(now - start_ns_);
        if (const std::size_t count = hand_out(into, due, now); count != 0) {
            spin_.found();
            return {.count = count};
        }
        const std::int64_t next_ns = load_->next_ns();
        if (next_ns == never_ns) {
            if (!load_->follows_endings()) {
                return {.ended = true};
            }
            if (mode == take_mode::poll) {
                return {.ask_again_ns = never_ns};
            }
            await_ending();
            continue;
        }
        if (asking_since_ns_ == 0) {
            asking_since_ns_ = now;
        }
        const std::int64_t ask_again = start_ns_ + next_ns - rules_.pacing_spin_ns;
        if (spinning_since_ns_ == 0 && now >= ask_again) {
            spinning_since_ns_ = now;
        }
        if (mode == take_mode::poll) {
            return {.ask_again_ns = ask_again};
        }
        if (now < ask_again) {
            has_slept_ = true;
            rules_.time.sleep_until(std::min(ask_again, now + longest_nap_ns));
        } else {
            // What is left of a sleep is short, and a front end that yields to a worker in it comes
            // back milliseconds late. Tasks that follow each other too closely to sleep in between
            // would keep a CPU from the workers all the time.
            cpu_relax();
            if (!has_slept_) {
                sched_yield();
            }
        }
    }
}

/// Returns when a task may have become due or the window has ended, or a little earlier.
void window::await_ending() {
    if (spin_.again()) {
        return;
    }
    front_end_.set_asleep();
    const std::int64_t now = rules_.time.now() - start_ns_;
    if (!ended_.load() && load_->due_by(now) == next_ && load_->follows_endings()) {
        front_end_.sleep();
    }
    front_end_.set_awake();
}

void window::complete(std::span<const completion> done) {
    const std::int64_t now = rules_.time.now();
    std::unique_lock lock(mutex_);
    std::uint64_t freed = 0;
    for (const completion& each : done) {
        if (each.id >= record_.size() || record_[each.id].completed_ns != 0) {
            ++impossible_;
            continue;
        }
        record_[each.id] = {now, each.value, each.outcome};
        ++freed;
        if (rules_.listener != nullptr) {
            rules_.listener->ended(each, now);
        }
        if (each.started_ns != 0) {
            stamped_.push_back({each.id, each.started_ns, each.finished_ns});
        }
    }
    load_->freed(freed, now - start_ns_);
    lock.unlock();
    front_end_.wake();
}

}  // namespace stratbench
