// Each strategy is what its name says: told by what it does, never by what it calls itself.

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <thread>

#include "harness/measure/process_tree.hpp"
#include "strategies/contract/strategy.hpp"
#include "strategies/registry.hpp"
#include "tests/support.hpp"

namespace stratbench {
namespace {

constexpr std::size_t task_count = 6;
constexpr int worker_count = 2;

/// What can be seen of a strategy from outside.
struct signature {
    std::uint64_t processes_made_at_start = 0;
    std::uint64_t processes_made_per_run = 0;
    int threads_made_at_start = 0;
    /// Results arrive on the thread that called run.
    bool returns_on_the_callers_thread = false;
    /// All results arrive in one call.
    bool returns_everything_at_once = false;
    /// The second task was accepted before the first, which waits, had ended.
    bool accepts_while_a_task_waits = false;
    /// The second task was accepted before the first, which works, had ended.
    bool accepts_while_a_task_works = false;
    bool has_a_loop = false;

    bool operator==(const signature&) const = default;
};

std::ostream& operator<<(std::ostream& out, const signature& s) {
    return out << "processes at start " << s.processes_made_at_start << ", per run "
               << s.processes_made_per_run << ", threads " << s.threads_made_at_start
               << ", on caller's thread " << s.returns_on_the_callers_thread << ", at once "
               << s.returns_everything_at_once << ", accepts while waiting "
               << s.accepts_while_a_task_waits << ", while working " << s.accepts_while_a_task_works
               << ", loop " << s.has_a_loop;
}

/// Source and sink that watch how they are used. Everything is due at once.
class observer final : public task_source, public test::keeping_sink {
  public:
    explicit observer(const std::string& workload) : tasks(test::tasks_of(workload, task_count)) {}

    take_result take(std::span<task> into, take_mode /*mode*/) override {
        std::size_t count = 0;
        for (; count < into.size() && given < tasks.size(); ++count) {
            if (given == 1) {
                ended_when_second_was_taken = ended.load();
            }
            into[count] = tasks[given++];
        }
        return {.count = count, .ended = count == 0};
    }
    void complete(std::span<const completion> done) override {
        const std::lock_guard lock(mutex);
        ended.fetch_add(done.size());
        ++calls;
        threads.insert(std::this_thread::get_id());
    }

    std::vector<task> tasks;
    std::size_t given = 0;
    std::size_t ended_when_second_was_taken = 0;
    std::atomic<std::size_t> ended{0};
    std::mutex mutex;
    std::size_t calls = 0;
    std::set<std::thread::id> threads;
};

signature observe(const std::string& name) {
    signature seen;
    process_ledger ledger;
    loop_monitor monitor{.period_ns = 1'000'000, .beats = {}};
    const auto subject = make_strategy(parse_spec(name, "strategy"));
    make_first_thread();
    const int threads_before = thread_count();
    subject->start({.workers = worker_count, .ledger = &ledger, .monitor = &monitor});
    seen.threads_made_at_start = thread_count() - threads_before;
    seen.processes_made_at_start = ledger.read().made;

    observer waiting("noop:wait=20ms");
    subject->run(waiting, waiting);
    seen.processes_made_per_run = ledger.read().made - seen.processes_made_at_start;
    seen.accepts_while_a_task_waits = waiting.ended_when_second_was_taken == 0;
    seen.returns_on_the_callers_thread =
        waiting.threads == std::set<std::thread::id>{std::this_thread::get_id()};
    seen.returns_everything_at_once = waiting.calls == 1;
    seen.has_a_loop = !monitor.beats.empty();

    observer working("sqrt_log:n=3000000");
    subject->run(working, working);
    seen.accepts_while_a_task_works = working.ended_when_second_was_taken == 0;
    subject->stop();
    return seen;
}

TEST(signature, every_strategy_is_what_its_name_says) {
    // processes at start, per run | threads | caller's thread | at once | waits, works | loop
    // Where there are processes, one thread hears what they print.
    const std::map<std::string, signature> expected{
        {"sync", {0, 0, 0, true, false, false, false, false}},
        {"pool_map", {2, 0, 1, true, true, true, true, false}},
        {"apply_async", {2, 0, 2, false, false, true, true, false}},
        {"async_process_pool", {2, 0, 1, true, false, true, true, true}},
        {"async_thread_pool", {0, 0, 2, true, false, true, true, true}},
        {"process_per_task", {1, task_count, 1, true, false, true, true, true}},
        {"async_inline", {0, 0, 0, true, false, true, false, true}},
        {"pool_per_task", {0, task_count * worker_count, 0, true, false, false, false, false}},
    };
    for (const auto& [name, what] : expected) {
        EXPECT_EQ(observe(name), what) << name;
    }
}

TEST(signature, properties_agree_with_what_is_seen) {
    for (const strategy_info* info : strategies()) {
        if (info->properties.own_program) {
            continue;  // it is seen on its board only
        }
        const signature seen = observe(std::string(info->name));
        const strategy_properties& said = info->properties;
        EXPECT_EQ(said.returns_in_batches, seen.returns_everything_at_once) << info->name;
        const bool has_processes = seen.processes_made_at_start + seen.processes_made_per_run != 0;
        EXPECT_EQ(said.isolates_crashes, has_processes) << info->name;
        EXPECT_EQ(said.payload_crosses_process, has_processes) << info->name;
        if (said.in_caller) {
            EXPECT_FALSE(has_processes || seen.accepts_while_a_task_works) << info->name;
        }
        if (said.front_end_stays_free) {
            EXPECT_TRUE(seen.accepts_while_a_task_works) << info->name;
        }
    }
}

}  // namespace
}  // namespace stratbench
