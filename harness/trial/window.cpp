#include "harness/trial/window.hpp"

#include <fmt/format.h>
#include <sched.h>

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <string>

#include "harness/base/hash.hpp"

namespace stratbench {
namespace {

/// Enough for every acceptance and stamp of an ordinary window; beyond it the vectors grow.
constexpr std::uint64_t most_prepared = 1 << 20;

/// Longest uninterrupted sleep of a waiting front end: how late it hears that the window has ended.
constexpr std::int64_t longest_nap_ns = 20'000'000;

[[noreturn]] void refuse(std::uint64_t id, const char* what) {
    throw std::runtime_error(fmt::format("task {} {}", id, what));
}

}  // namespace

void window_record::make_room(std::uint64_t tasks, std::uint32_t stamp_one_in) {
    const auto prepare = [](auto& all, std::uint64_t count) {
        if (all.capacity() < count) {
            // Written once, so that the pages are there before the window opens.
            all.resize(count);
        }
        all.clear();
    };
    prepare(taken, std::min(tasks, most_prepared));
    prepare(stamped, std::min(tasks / stamp_one_in + 1, most_prepared));
    endings.resize(tasks);
}

window::window(std::unique_ptr<arrivals> load, const window_rules& rules, window_record room)
    : load_(std::move(load)), rules_(rules), record_(std::move(room)) {
    record_.make_room(load_->most(), rules_.stamp_one_in);
}

window_record window::release() {
    std::fill_n(record_.endings.begin(), next_, ending{});
    return std::move(record_);
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
    t.stamped = is_stamped(id) ? 1 : 0;
}

// A hash picks them: every strategy has the same tasks stamped, and they form no pattern that a
// strategy's own period could meet.
bool window::is_stamped(std::uint64_t id) const {
    return (mix64(id, rules_.seed) & (rules_.stamp_one_in - 1)) == 0;
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
    record_.taken.push_back({next_, count, now, waited_for});
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
        if (each.id >= record_.endings.size() || record_.endings[each.id].completed_ns != 0) {
            ++impossible_;
            continue;
        }
        record_.endings[each.id] = {now, each.value, each.outcome};
        ++freed;
        if (rules_.listener != nullptr) {
            rules_.listener->ended(each, now);
        }
        if (each.started_ns != 0) {
            record_.stamped.push_back({each.id, each.started_ns, each.finished_ns});
        }
    }
    load_->freed(freed, now - start_ns_);
    lock.unlock();
    front_end_.wake();
}

void window::settle(std::int64_t returned_ns) {
    const auto offered = std::min<std::uint64_t>(accounts_.size(), record_.endings.size());
    for (std::uint64_t id = 0; id < offered; ++id) {
        const task_account copied = accounts_[id];
        enter(id, copied, returned_ns);
    }
    if (!accounts_.empty()) {
        replay();
    }
}

/// Enters what became of task number `id`, after those of all lower ones.
void window::enter(std::uint64_t id, const task_account& account, std::int64_t returned_ns) {
    if (account.accepted_ns == 0) {
        if (account.endings != 0) {
            refuse(id, "ended but was never accepted");
        }
        return;
    }
    if (id != next_) {
        refuse(id, "was accepted, and one before it was not");
    }
    const std::int64_t earliest_ns = record_.taken.empty() ? start_ns_ : record_.taken.back().at_ns;
    if (account.accepted_ns < earliest_ns || account.accepted_ns > returned_ns) {
        refuse(id, "was accepted outside of its window, or before the one before it");
    }
    if (!record_.taken.empty() && record_.taken.back().at_ns == account.accepted_ns) {
        ++record_.taken.back().count;
    } else {
        record_.taken.push_back({id, 1, account.accepted_ns, account.waited_for != 0});
    }
    ++next_;
    if (account.endings == 0) {
        return;
    }
    if (account.endings != 1) {
        refuse(id, "ended more than once");
    }
    if (account.outcome > static_cast<std::uint32_t>(task_outcome::cancelled)) {
        refuse(id, "ended with an outcome that there is not");
    }
    if (account.completed_ns < account.accepted_ns || account.completed_ns > returned_ns) {
        refuse(id, "was completed before it was accepted, or in the future");
    }
    const auto outcome = static_cast<task_outcome>(account.outcome);
    record_.endings[id] = {account.completed_ns, account.value, outcome};
    if (!is_stamped(id)) {
        return;
    }
    if (account.started_ns != 0) {
        record_.stamped.push_back({id, account.started_ns, account.finished_ns});
    } else if (outcome == task_outcome::ok) {
        refuse(id, "was not stamped where it ran");
    }
}

/// Tells load and listener of the record, in order of time: only now is it known when a task that
/// follows an ending was due.
void window::replay() {
    std::vector<std::uint64_t> ended(next_);
    std::iota(ended.begin(), ended.end(), 0);
    std::erase_if(ended,
                  [this](std::uint64_t id) { return record_.endings[id].completed_ns == 0; });
    std::sort(ended.begin(), ended.end(), [this](std::uint64_t a, std::uint64_t b) {
        return record_.endings[a].completed_ns < record_.endings[b].completed_ns;
    });
    auto next_ended = ended.begin();
    // All that ended until `at_ns` of the tasks below `first_left`.
    const auto free_until = [&](std::int64_t at_ns, std::uint64_t first_left) {
        for (; next_ended != ended.end() && *next_ended < first_left &&
               record_.endings[*next_ended].completed_ns <= at_ns;
             ++next_ended) {
            const ending& end = record_.endings[*next_ended];
            load_->freed(1, end.completed_ns - start_ns_);
            if (rules_.listener == nullptr) {
                continue;
            }
            completion done{.id = *next_ended, .value = end.value, .outcome = end.outcome};
            const auto at =
                std::lower_bound(record_.stamped.begin(), record_.stamped.end(), done.id,
                                 [](const stamp& each, std::uint64_t id) { return each.id < id; });
            if (at != record_.stamped.end() && at->id == done.id) {
                done.started_ns = at->started_ns;
                done.finished_ns = at->finished_ns;
            }
            rules_.listener->ended(done, end.completed_ns);
        }
    };
    for (const acceptance& each : record_.taken) {
        free_until(each.at_ns, each.first);
        const std::uint64_t last = each.first + each.count - 1;
        if (load_->due_by(each.at_ns - start_ns_) <= last) {
            refuse(last, "was accepted before it was due");
        }
        load_->taken(last + 1, each.at_ns - start_ns_);
        if (rules_.listener == nullptr) {
            continue;
        }
        for (std::uint64_t id = each.first; id <= last; ++id) {
            rules_.listener->accepted(id, load_->due_ns(id), each.at_ns);
        }
    }
    free_until(never_ns, next_);
}

}  // namespace stratbench
