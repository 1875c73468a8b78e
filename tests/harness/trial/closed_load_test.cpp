// What a window does under a closed load.

#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

#include "tests/harness/trial/window_fixture.hpp"

namespace stratbench {
namespace {

using namespace test;

TEST(window, keeps_no_more_outstanding_than_a_closed_load_asks_for) {
    hand_driven run(closed(3, 100, 1'000'000 * ms));
    std::vector<task> open = run.take(64);
    EXPECT_EQ(open.size(), 3U);
    task t;
    for (int turn = 0; turn < 20; ++turn) {
        const take_result full = run.subject.take({&t, 1}, take_mode::poll);
        ASSERT_EQ(full.count, 0U) << "all of them are outstanding";
        ASSERT_FALSE(full.ended);
        ASSERT_EQ(full.ask_again_ns, never_ns) << "it depends on a completion";
        run.complete(open.front());
        open.erase(open.begin());
        const std::vector<task> next = run.take(64);
        ASSERT_EQ(next.size(), 1U);
        open.push_back(next.front());
    }
}

TEST(window, a_task_of_a_closed_load_is_due_when_its_slot_was_freed) {
    hand_driven run(closed(1, 100, 1'000'000 * ms));
    run.complete(run.take(1)[0]);
    sleep_ms(20);
    run.complete(run.take(1)[0]);
    EXPECT_EQ(run.subject.schedule().due_ns(0), 0);
    EXPECT_EQ(run.subject.opened_ns() + run.subject.schedule().due_ns(1),
              run.subject.endings()[0].completed_ns);
    run.subject.end();
    const trial_record record = run.analyse();
    EXPECT_EQ(record.state, status::ok) << record.reason;
    ASSERT_TRUE(record.latency);
    EXPECT_GE(record.latency->max, 20.0 * ms) << "nobody took the second one for so long";
    EXPECT_EQ(std::count(record.labels.begin(), record.labels.end(), "closed_load"), 1);
    EXPECT_FALSE(record.asked_per_s);
}

TEST(window, a_front_end_that_waits_under_a_closed_load_is_woken_by_a_completion) {
    hand_driven run(closed(2, 1'000, 1'000'000 * ms));
    std::atomic<std::uint64_t> handed{0};
    std::vector<task> tasks(1'000);
    std::jthread worker([&] {
        for (std::uint64_t done = 0; done < tasks.size(); ++done) {
            while (handed.load() <= done) {
                std::this_thread::yield();
            }
            // Now and then long enough for the front end to fall asleep.
            if (done % 20 == 0) {
                sleep_ms(1);
            }
            run.complete(tasks[done]);
        }
    });
    for (;;) {
        std::vector<task> more = run.take(8);
        if (more.empty()) {
            break;
        }
        for (const task& t : more) {
            tasks[t.id] = t;
        }
        handed += more.size();
    }
    worker.join();
    const trial_record record = run.analyse();
    EXPECT_EQ(record.state, status::ok) << record.reason;
    EXPECT_EQ(record.outcomes.ok, 1'000U);
    EXPECT_EQ(record.window_ns, record.elapsed_ns) << "its record was full before the window ended";
}

TEST(window, a_front_end_that_waits_under_a_closed_load_is_woken_when_the_window_is_ended) {
    hand_driven run(closed(1, 10, 1'000'000 * ms));
    const task t = run.take(1)[0];
    std::jthread user([&] {
        sleep_ms(20);
        run.subject.end();
    });
    EXPECT_TRUE(run.take(1).empty());
    run.complete(t);
}

TEST(window, a_closed_load_ends_with_its_window_and_counts_what_ended_within) {
    told_time time;
    hand_driven run(closed(2, 10, 20 * ms), never_ns, time);
    const std::vector<task> first = run.take(2);
    time.at_ns += 10 * ms;
    run.complete(first[0]);
    const std::vector<task> second = run.take(2);
    time.at_ns += 15 * ms;
    run.complete(first[1]);
    run.complete(second[0]);
    EXPECT_TRUE(run.take(2).empty());
    const trial_record record = run.analyse();
    EXPECT_EQ(record.outcomes.due, 3U);
    EXPECT_EQ(record.outcomes.ok, 3U);
    EXPECT_EQ(record.window_ns, 20 * ms);
    EXPECT_DOUBLE_EQ(record.throughput_per_s, 1 / 0.020);
    EXPECT_EQ(std::count(record.labels.begin(), record.labels.end(), "saturated"), 0);
}

}  // namespace
}  // namespace stratbench
