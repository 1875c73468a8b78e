// How many tasks a worker process may do before another one takes its place.

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <csignal>
#include <cstdint>
#include <map>
#include <vector>

#include "strategies/engines/channel/channel.hpp"
#include "strategies/engines/pool/worker_pool.hpp"
#include "tests/strategies/drained_pool.hpp"
#include "tests/strategies/worker_replies.hpp"
#include "tests/support.hpp"

namespace stratbench {
namespace {

/// The tasks that the worker has been handed, less those that were taken back.
std::uint64_t handed_to(pid_t worker) {
    const shared_memory replies = test::replies_of(worker);
    return reinterpret_cast<const reply_header*>(replies.data())->window.load() >> 32;
}

TEST(tasks_per_worker, a_worker_is_replaced_after_the_tasks_that_it_may_do) {
    process_ledger ledger;
    containment_counts counts;
    worker_pool pool({.kind = worker_kind::process,
                      .start = {.workers = 2,
                                .ledger = &ledger,
                                .limits = {.max_tasks_per_worker = 30},
                                .counts = &counts}});
    for (const task& t : test::tasks_of("noop", 300)) {
        pool.submit(t);
    }
    for (const auto& [id, c] : test::drain(pool)) {
        EXPECT_EQ(c.outcome, task_outcome::ok) << id;
    }
    // Of the last two of twelve, one may not have had its share.
    EXPECT_GE(counts.workers_replaced, 9U);
    EXPECT_LE(counts.workers_replaced, 10U);
    EXPECT_EQ(ledger.read().made, 2 + counts.workers_replaced);
    EXPECT_EQ(ledger.read().living.size(), 2U);
}

TEST(tasks_per_worker, tasks_that_were_moved_away_are_not_among_those_that_a_worker_may_do) {
    process_ledger ledger;
    containment_counts counts;
    worker_pool pool({.kind = worker_kind::process,
                      .start = {.workers = 2,
                                .ledger = &ledger,
                                .limits = {.max_tasks_per_worker = 9},
                                .counts = &counts},
                      .chunk = 4});
    const std::vector<pid_t> workers = ledger.read().living;
    for (const pid_t worker : workers) {
        ::kill(worker, SIGSTOP);
        siginfo_t stopped{};
        ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(worker), &stopped, WSTOPPED), 0);
    }
    for (const task& t : test::tasks_of("noop:wait=1ms", 12)) {
        pool.submit(t);
    }
    pool.dispatch();
    // One has eight tasks and begins none of them; the other does its four, and then four of these.
    const pid_t busy = handed_to(workers[0]) == 8 ? workers[0] : workers[1];
    ASSERT_EQ(handed_to(busy), 8U);
    ::kill(busy == workers[0] ? workers[1] : workers[0], SIGCONT);
    std::vector<pool_result> results;
    while (results.size() < 8) {
        if (pool.collect(results) == 0) {
            pool.wait();
        }
    }
    ::kill(busy, SIGCONT);
    EXPECT_EQ(test::drain(pool).size(), 4U);
    EXPECT_EQ(counts.workers_replaced, 0U) << "four tasks and eight";
}

}  // namespace
}  // namespace stratbench
