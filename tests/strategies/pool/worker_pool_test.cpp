#include "strategies/engines/pool/worker_pool.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <map>

#include "harness/base/sleep.hpp"
#include "strategies/engines/channel/span_size.hpp"
#include "tests/strategies/drained_pool.hpp"
#include "tests/strategies/worker_replies.hpp"
#include "tests/support.hpp"

namespace stratbench {
namespace {

/// A task that keeps a worker busy until it is killed.
task endless() {
    task t = test::tasks_of("noop", 1).front();
    t.wait_us = 600'000'000;
    return t;
}

/// Writes nonsense into its replies, as a stray store of the worker would.
void scribble_over_replies_of(pid_t worker) {
    const shared_memory replies = test::replies_of(worker);
    reinterpret_cast<reply_header*>(replies.data())->window.store(0x1234567890abcdef);
}

/// Claims the first task and announces a reply to it whose outcome does not exist.
void answer_with_nonsense(pid_t worker) {
    const shared_memory replies = test::replies_of(worker);
    const channel_view view(replies.data(), replies.data(), {});
    const auto offset = reinterpret_cast<const std::byte*>(view.replies) -
                        reinterpret_cast<const std::byte*>(view.answers);
    auto* const first = reinterpret_cast<reply*>(replies.data() + offset);
    reinterpret_cast<reply_header*>(replies.data())->window.fetch_add(1);
    first->outcome = static_cast<task_outcome>(99);
    first->sequence.store(1);
}

class worker_pools : public testing::TestWithParam<worker_kind> {
  protected:
    pool_options options(int workers) {
        return {.kind = GetParam(), .start = {.workers = workers, .ledger = &ledger}};
    }
    process_ledger ledger;
};

TEST_P(worker_pools, give_every_tag_back_with_its_own_task) {
    worker_pool pool(options(3));
    const std::vector<task> tasks = test::tasks_of("noop", 500);
    std::vector<std::uint64_t> tags(tasks.size());
    for (const task& t : tasks) {
        tags[t.id] = t.id;
        pool.submit(t, &tags[t.id]);
    }
    pool.dispatch();
    std::vector<pool_result> results;
    while (pool.outstanding() != 0) {
        if (pool.collect(results) == 0) {
            pool.wait();
        }
    }
    ASSERT_EQ(results.size(), tasks.size());
    for (const pool_result& r : results) {
        EXPECT_EQ(*static_cast<std::uint64_t*>(r.tag), r.done.id);
    }
}

TEST_P(worker_pools, end_unstarted_tasks_as_cancelled_and_started_ones_as_ok) {
    worker_pool pool(options(1));
    const std::vector<task> tasks = test::tasks_of("noop:wait=20ms", 50);
    for (const task& t : tasks) {
        pool.submit(t);
    }
    pool.dispatch();
    std::vector<pool_result> results;
    while (pool.collect(results) == 0) {
        pool.wait();
    }
    pool.cancel_unstarted(results);
    while (pool.outstanding() != 0) {
        if (pool.collect(results) == 0) {
            pool.wait();
        }
    }
    ASSERT_EQ(results.size(), tasks.size());
    std::map<task_outcome, int> counts;
    for (const pool_result& r : results) {
        ++counts[r.done.outcome];
    }
    EXPECT_GE(counts[task_outcome::ok], 1);
    EXPECT_GE(counts[task_outcome::cancelled], 40);
    EXPECT_EQ(counts[task_outcome::ok] + counts[task_outcome::cancelled], 50);
}

/// Tasks that began only after the slow one of their pool of two workers had ended, which waits for
/// `wait_us`.
int behind_a_slow_one(const pool_options& two_workers, std::uint32_t wait_us) {
    worker_pool pool(two_workers);
    // Let the pool learn that tasks are short, so that it hands out many at a time; then one of the
    // workers gets a task that does not end while the others wait behind it.
    for (const task& t : test::tasks_of("sqrt_log:n=300", 200)) {
        pool.submit(t);
    }
    test::drain(pool);
    std::vector<task> tasks = test::tasks_of("sqrt_log:n=300", 400);
    tasks[0].wait_us = wait_us;
    for (const task& t : tasks) {
        pool.submit(t);
    }
    const std::map<std::uint64_t, completion> done = test::drain(pool);
    return static_cast<int>(std::ranges::count_if(done, [&](const auto& each) {
        return each.first != 0 && each.second.started_ns >= done.at(0).finished_ns;
    }));
}

TEST_P(worker_pools, move_waiting_tasks_from_a_busy_worker_to_an_idle_one) {
    if (GetParam() == worker_kind::process_per_task) {
        GTEST_SKIP() << "it has one queue";
    }
    // On a busy machine the idle worker may not get a CPU for as long as the slow one waits.
    constexpr auto claimed = static_cast<int>(span_size::most);
    int behind = claimed;
    for (std::uint32_t wait_us = 200'000; behind >= claimed && wait_us < 10'000'000; wait_us *= 3) {
        behind = behind_a_slow_one(options(2), wait_us);
    }
    EXPECT_LT(behind, claimed) << "at most what the worker had claimed already";
}

INSTANTIATE_TEST_SUITE_P(kinds, worker_pools,
                         testing::Values(worker_kind::thread, worker_kind::process,
                                         worker_kind::process_per_task));

/// Kills the only worker until a task has a result, and gives that first, then what its successor
/// had done when we looked. A worker that is killed before it has begun a task costs none: then its
/// successor is next.
std::vector<pool_result> results_of_killing(worker_pool& pool, const process_ledger& ledger) {
    std::vector<pool_result> results;
    // Ever longer: a worker that is always killed before it is ready makes the pool give up.
    for (std::int64_t pause_ns = 20'000'000; results.empty(); pause_ns *= 2) {
        sleep_until(now_ns() + pause_ns);
        // None while the pool is about to try again: a worker died before it was ready.
        for (const pid_t worker : ledger.read().living) {
            ::kill(worker, SIGKILL);
        }
        pool.wait();
        pool.collect(results);
    }
    return results;
}

TEST(process_pool, a_killed_worker_costs_the_task_that_it_was_executing_and_no_other) {
    process_ledger ledger;
    worker_pool pool({.kind = worker_kind::process, .start = {.workers = 1, .ledger = &ledger}});
    task hangs = endless();
    hangs.id = 1000;
    pool.submit(hangs);
    for (const task& t : test::tasks_of("noop", 100)) {
        pool.submit(t);
    }
    pool.dispatch();
    const std::vector<pool_result> seen = results_of_killing(pool, ledger);
    EXPECT_EQ(seen[0].done.id, 1000U);
    EXPECT_EQ(seen[0].done.outcome, task_outcome::crashed);
    std::map<std::uint64_t, completion> others = test::drain(pool);
    for (std::size_t i = 1; i < seen.size(); ++i) {
        others.emplace(seen[i].done.id, seen[i].done);
    }
    ASSERT_EQ(others.size(), 100U);
    for (const auto& [id, c] : others) {
        EXPECT_EQ(c.outcome, task_outcome::ok) << id;
    }
    EXPECT_EQ(ledger.read().living.size(), 1U) << "the dead worker was reaped and replaced";
}

TEST(process_pool, a_worker_that_scribbles_over_its_replies_is_replaced) {
    process_ledger ledger;
    worker_pool pool({.kind = worker_kind::process, .start = {.workers = 1, .ledger = &ledger}});
    const pid_t first = ledger.read().living.at(0);
    ::kill(first, SIGSTOP);
    for (const task& t : test::tasks_of("noop", 4)) {
        pool.submit(t);
    }
    pool.dispatch();
    scribble_over_replies_of(first);
    const std::map<std::uint64_t, completion> done = test::drain(pool);
    EXPECT_EQ(done.size(), 4U);
    EXPECT_NE(ledger.read().living.at(0), first);
}

TEST(process_pool, a_task_beyond_its_time_is_ended_and_costs_no_other_task) {
    process_ledger ledger;
    containment_counts counts;
    worker_pool pool({.kind = worker_kind::process,
                      .start = {.workers = 1,
                                .ledger = &ledger,
                                .limits = {.task_timeout_ns = 20'000'000},
                                .counts = &counts}});
    task hangs = endless();
    hangs.id = 1000;
    pool.submit(hangs);
    for (const task& t : test::tasks_of("noop", 100)) {
        pool.submit(t);
    }
    const std::map<std::uint64_t, completion> done = test::drain(pool);
    ASSERT_EQ(done.size(), 101U);
    for (const auto& [id, c] : done) {
        EXPECT_EQ(c.outcome, id == 1000 ? task_outcome::timed_out : task_outcome::ok) << id;
    }
    EXPECT_EQ(counts.workers_replaced, 1U);
    EXPECT_EQ(counts.retries, 0U);
}

TEST(process_pool, a_task_that_waits_behind_a_long_one_has_its_own_time) {
    process_ledger ledger;
    worker_pool pool(
        {.kind = worker_kind::process,
         .start = {.workers = 1, .ledger = &ledger, .limits = {.task_timeout_ns = 400'000'000}}});
    // Together they take longer than one of them may.
    for (const task& t : test::tasks_of("noop:wait=50ms", 10)) {
        pool.submit(t);
    }
    for (const auto& [id, c] : test::drain(pool)) {
        EXPECT_EQ(c.outcome, task_outcome::ok) << id;
    }
}

TEST(process_pool, a_crashed_task_is_tried_again_as_often_as_asked_and_no_more) {
    for (const int retries : {0, 1, 3}) {
        process_ledger ledger;
        containment_counts counts;
        worker_pool pool({.kind = worker_kind::process,
                          .start = {.workers = 1,
                                    .ledger = &ledger,
                                    .limits = {.retries = retries},
                                    .counts = &counts}});
        pool.submit(endless());
        pool.dispatch();
        EXPECT_EQ(results_of_killing(pool, ledger)[0].done.outcome, task_outcome::crashed);
        EXPECT_EQ(counts.retries, static_cast<std::uint64_t>(retries));
        // More, where a worker was killed before it had begun the task.
        EXPECT_GE(counts.workers_replaced, static_cast<std::uint64_t>(retries) + 1);
    }
}

TEST(process_pool, an_impossible_outcome_costs_the_worker_its_place) {
    process_ledger ledger;
    containment_counts counts;
    worker_pool pool({.kind = worker_kind::process,
                      .start = {.workers = 1, .ledger = &ledger, .counts = &counts}});
    const pid_t first = ledger.read().living.at(0);
    ::kill(first, SIGSTOP);
    const std::vector<task> tasks = test::tasks_of("noop", 2);
    for (const task& t : tasks) {
        pool.submit(t);
    }
    pool.dispatch();
    answer_with_nonsense(first);
    const std::map<std::uint64_t, completion> done = test::drain(pool);
    ASSERT_EQ(done.size(), 2U);
    EXPECT_EQ(done.at(0).outcome, task_outcome::crashed);
    EXPECT_EQ(done.at(1).outcome, task_outcome::ok) << "by the next worker";
    EXPECT_EQ(counts.workers_replaced, 1U);
}

TEST(process_pool, a_stopped_worker_does_not_hold_up_the_end_of_the_pool) {
    process_ledger ledger;
    {
        worker_pool pool(
            {.kind = worker_kind::process, .start = {.workers = 1, .ledger = &ledger}});
        ::kill(ledger.read().living.at(0), SIGSTOP);
    }
    EXPECT_TRUE(ledger.read().living.empty());
}

TEST(process_pool, the_end_of_a_worker_is_seen_by_an_owner_that_never_sleeps) {
    process_ledger ledger;
    worker_pool pool({.kind = worker_kind::process, .start = {.workers = 1, .ledger = &ledger}});
    const pid_t first = ledger.read().living.at(0);
    ::kill(first, SIGSTOP);
    for (const task& t : test::tasks_of("noop", 10)) {
        pool.submit(t);
    }
    pool.dispatch();
    ::kill(first, SIGKILL);
    std::vector<pool_result> results;
    while (results.size() < 10) {
        pool.collect(results);
    }
    EXPECT_NE(ledger.read().living.at(0), first);
}

TEST(process_pool, the_processes_of_process_per_task_never_exceed_the_workers) {
    process_ledger ledger;
    worker_pool pool(
        {.kind = worker_kind::process_per_task, .start = {.workers = 3, .ledger = &ledger}});
    for (const task& t : test::tasks_of("noop:wait=2ms", 60)) {
        pool.submit(t);
    }
    pool.dispatch();
    std::vector<pool_result> results;
    std::size_t most = 0;
    while (pool.outstanding() != 0) {
        most = std::max(most, ledger.read().living.size());
        if (pool.collect(results) == 0) {
            pool.wait();
        }
    }
    EXPECT_LE(most, 1U + 3U) << "the server and three children";
    EXPECT_GE(most, 1U + 2U) << "they overlap";
    EXPECT_EQ(ledger.read().made, 1U + 60U) << "a process of its own for every task";
}

TEST(process_pool, workers_leave_the_ledger_when_they_are_reaped) {
    process_ledger ledger;
    {
        worker_pool pool(
            {.kind = worker_kind::process, .start = {.workers = 2, .ledger = &ledger}});
        EXPECT_EQ(ledger.read().living.size(), 2U);
    }
    EXPECT_TRUE(ledger.read().living.empty());
    EXPECT_EQ(ledger.read().made, 2U);
    EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
}

TEST(process_per_task, what_the_gone_used_is_reported_while_their_server_lives) {
    process_ledger ledger;
    {
        worker_pool pool(
            {.kind = worker_kind::process_per_task, .start = {.workers = 2, .ledger = &ledger}});
        for (const task& t : test::tasks_of("sqrt_log:n=300000", 20)) {
            pool.submit(t);
        }
        test::drain(pool);
        const process_usage gone = ledger.read().gone;
        EXPECT_GT(gone.user_ns, 2'000'000) << "20 tasks of about a millisecond";
        EXPECT_GT(gone.minor_faults, 20) << "each copied a page at least";
        EXPECT_EQ(ledger.read().helpers.size(), 1U);
    }
    EXPECT_EQ(ledger.read().gone.cpu_ns(), 0) << "from now on a part of what the server used";
}

}  // namespace
}  // namespace stratbench
