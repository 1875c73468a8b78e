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

window::window(std::unique_ptr<arrivals> arriving, const window_rules& with)
    : load(std::move(arriving)), rules(with), record(load->most()) {
    // Written once, so that the pages are there before the window opens.
    taken.resize(std::min(load->most(), most_prepared));
    taken.clear();
    stamped.resize(std::min(load->most() / rules.stamp_one_in + 1, most_prepared));
    stamped.clear();
}

void window::open() {
    start_ns = rules.time.now();
}

task window::make(std::uint64_t id) const {
    task t;
    make_in(t, id);
    return t;
}

void window::make_in(task& t, std::uint64_t id) const {
    rules.model.make_in(t, id, rules.seed);
    // The same tasks for every strategy, and no pattern that a strategy's own period could meet.
    t.stamped = (mix64(id, rules.seed) & (rules.stamp_one_in - 1)) == 0 ? 1 : 0;
}

std::size_t window::hand_out(std::span<task> into, std::uint64_t due, std::int64_t now) {
    const auto count = std::min<std::uint64_t>(due - next, into.size());
    if (count == 0) return 0;
    for (std::uint64_t i = 0; i < count; ++i) make_in(into[i], next + i);
    if (rules.listener != nullptr) {
        for (std::uint64_t id = next; id < next + count; ++id) {
            rules.listener->accepted(id, load->due_ns(id), now);
        }
    }
    const std::int64_t first_due = start_ns + load->due_ns(next);
    const bool waited_for = asking_since_ns != 0 && asking_since_ns < first_due;
    if (waited_for && spinning_since_ns != 0) spun_pacing_ns += first_due - spinning_since_ns;
    asking_since_ns = 0;
    spinning_since_ns = 0;
    has_slept = false;
    taken.push_back({next, count, now, waited_for});
    next += count;
    load->taken(next, now - start_ns);
    return count;
}

take_result window::take(std::span<task> into, take_mode mode) {
    for (;;) {
        const std::int64_t now = rules.time.now();
        if (ended.load(std::memory_order_relaxed) || now - start_ns >= rules.drain_until_ns) {
            return {.ended = true};
        }
        const std::uint64_t due = load->due_by(now - start_ns);
        if (const std::size_t count = hand_out(into, due, now); count != 0) {
            spin.found();
            return {.count = count};
        }
        const std::int64_t next_ns = load->next_ns();
        if (next_ns == never_ns) {
            if (!load->follows_endings()) return {.ended = true};
            if (mode == take_mode::poll) return {.ask_again_ns = never_ns};
            await_ending();
            continue;
        }
        if (asking_since_ns == 0) asking_since_ns = now;
        const std::int64_t ask_again = start_ns + next_ns - rules.pacing_spin_ns;
        if (spinning_since_ns == 0 && now >= ask_again) spinning_since_ns = now;
        if (mode == take_mode::poll) return {.ask_again_ns = ask_again};
        if (now < ask_again) {
            has_slept = true;
            rules.time.sleep_until(std::min(ask_again, now + longest_nap_ns));
        } else {
            // What is left of a sleep is short, and whoever gives way to a worker in it comes back
            // milliseconds late. Tasks that follow each other too closely to sleep in between would
            // keep a CPU from the workers all the time.
            cpu_relax();
            if (!has_slept) sched_yield();
        }
    }
}

/// Returns when a task may have become due or the window has ended, or a little earlier.
void window::await_ending() {
    if (spin.again()) return;
    front_end.set_asleep();
    const std::int64_t now = rules.time.now() - start_ns;
    if (!ended.load() && load->due_by(now) == next && load->follows_endings()) front_end.sleep();
    front_end.set_awake();
}

void window::complete(std::span<const completion> done) {
    const std::int64_t now = rules.time.now();
    std::unique_lock lock(mutex);
    std::uint64_t freed = 0;
    for (const completion& each : done) {
        if (each.id >= record.size() || record[each.id].completed_ns != 0) {
            ++impossible;
            continue;
        }
        record[each.id] = {now, each.value, each.what};
        ++freed;
        if (rules.listener != nullptr) rules.listener->ended(each, now);
        if (each.started_ns != 0) {
            stamped.push_back({each.id, each.started_ns, each.finished_ns});
        }
    }
    load->freed(freed, now - start_ns);
    lock.unlock();
    front_end.wake();
}

}  // namespace stratbench
