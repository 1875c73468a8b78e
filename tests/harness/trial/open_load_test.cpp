// What a window says about a load with a rate that is held or not, and about tasks without a
// result.

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "harness/load/trace_file.hpp"
#include "tests/harness/trial/window_fixture.hpp"
#include "tests/temporary_file.hpp"

namespace stratbench {
namespace {

using namespace test;

/// One server that takes each task `service_ns`, first come first served, under a load with a rate.
trial_record served(const cell& what, std::int64_t service_ns) {
    told_time time;
    window subject(make_arrivals(what, 1, 0),
                   {.model = resolve_workload(parse_spec("noop", "workload")),
                    .drain_until_ns = 2 * what.window_ns,
                    .time = time});
    subject.open();
    task t;
    while (!subject.take({&t, 1}, take_mode::wait).ended) {
        const std::int64_t started_ns = time.at_ns;
        time.at_ns += service_ns;
        const completion done{t.id, execute(t, {}), started_ns, time.at_ns, task_outcome::ok};
        subject.complete({&done, 1});
    }
    trial_record record;
    analyse_window(subject, what, time.at_ns, record);
    return record;
}

TEST(window, a_queue_that_does_not_grow_is_not_labelled) {
    cell c = constant(1000);
    c.window_ns = 1'000 * ms;
    const trial_record record = served(c, 900'000);
    EXPECT_FALSE(has(record, "saturated"));
    EXPECT_FALSE(has(record, "rate_not_held"));
    EXPECT_DOUBLE_EQ(record.asked_per_s.value(), 1000);
    EXPECT_DOUBLE_EQ(record.offered_per_s.value(), 1000);
    EXPECT_LE(record.queue_growth_per_s.value(), 1);
}

TEST(window, a_queue_that_grew_is_labelled_though_it_is_served_soon_after_the_window) {
    cell c = constant(1000);
    c.window_ns = 120 * ms;
    // Does 800/s of 1,000/s asked: at 120 ms 24 of 120 are left, which take 30 ms.
    const trial_record record = served(c, 1'250'000);
    EXPECT_EQ(record.outcomes.ok, 120U);
    EXPECT_TRUE(has(record, "saturated"));
    EXPECT_TRUE(has(record, "rate_not_held"));
    EXPECT_NEAR(record.queue_growth_per_s.value(), 200, 10);
    EXPECT_NEAR(record.offered_per_s.value(), 800, 10);
}

TEST(window, twice_the_capacity_is_saturated_and_every_due_task_is_in_the_latency) {
    cell c = constant(1000);
    c.window_ns = 1'000 * ms;
    const trial_record record = served(c, 4 * ms);
    EXPECT_EQ(record.outcomes.due, 1000U);
    EXPECT_EQ(record.outcomes.ok, 500U) << "250/s, for the window and one more of draining";
    EXPECT_EQ(record.outcomes.unserved, 500U);
    EXPECT_EQ(record.latency->count, 1000U);
    EXPECT_EQ(record.latency->censored, 500U);
    EXPECT_TRUE(has(record, "saturated"));
    EXPECT_NEAR(record.queue_growth_per_s.value(), 750, 5);
}

TEST(window, a_burst_just_before_the_end_is_no_growing_queue) {
    const test::temporary_file file("0\n0.5\n0.99\n0.99\n0.99\n0.99\n0.99\n0.99\n");
    cell c = constant(8);
    c.load = {.kind = load_plan::shape::trace,
              .text = "",
              .tasks = 8,
              .rate_per_s = 8,
              .trace = trace_plan{file.path(), 1, read_trace(file.path(), 1).hash}};
    c.window_ns = 1'000 * ms;
    const trial_record record = served(c, 5 * ms);
    EXPECT_EQ(record.outcomes.ok, 8U);
    EXPECT_FALSE(has(record, "saturated"));
    EXPECT_FALSE(has(record, "rate_not_held"));
    EXPECT_NEAR(record.queue_growth_per_s.value(), 4, 1);
}

TEST(window, bursts_have_a_rate_that_is_held_or_not) {
    cell c = noop_cell(
        {.kind = load_plan::shape::burst, .text = "", .rate_per_s = 1000, .burst = 20}, 1'000 * ms);
    EXPECT_FALSE(has(served(c, 100'000), "saturated"));
    EXPECT_FALSE(has(served(c, 100'000), "rate_not_held"));
    EXPECT_TRUE(has(served(c, 2 * ms), "saturated"));
    EXPECT_TRUE(has(served(c, 2 * ms), "rate_not_held"));
}

TEST(window, a_task_without_a_result_has_waited_until_its_time_was_over_or_the_trial_was) {
    // Due at 0, 10 and 20 ms: the first was given up after 70 ms, the second after 3, the third is
    // not taken.
    const auto latencies_of = [](std::int64_t task_timeout_ns) {
        told_time time;
        cell what = constant(100);
        what.window_ns = 25 * ms;
        what.limits.task_timeout_ns = task_timeout_ns;
        hand_driven run(what, never_ns, time);
        time.at_ns += 10 * ms;
        const std::vector<task> tasks = run.take(2);
        time.at_ns += 3 * ms;
        run.complete({tasks[1].id, 0, 0, 0, task_outcome::crashed});
        time.at_ns += 57 * ms;
        run.complete({tasks[0].id, 0, 0, 0, task_outcome::timed_out});
        run.subject.end();
        time.at_ns += 30 * ms;
        return *run.analyse().latency;
    };
    const distribution limited = latencies_of(50 * ms);
    EXPECT_EQ(limited.count, 3U);
    EXPECT_EQ(limited.censored, 3U);
    EXPECT_DOUBLE_EQ(limited.mean * 3, (70.0 + 50.0 + 80.0) * ms);
    EXPECT_DOUBLE_EQ(*limited.censored_from, 50.0 * ms);
    const distribution unlimited = latencies_of(0);
    EXPECT_DOUBLE_EQ(unlimited.mean * 3, (100.0 + 90.0 + 80.0) * ms);
}

TEST(window, what_is_cancelled_at_its_end_on_request_does_not_make_it_saturated) {
    for (const bool asked : {true, false}) {
        told_time time;
        cell what = constant(1000);
        what.window_ns = 1000 * ms;
        what.cancel_pending = asked;
        hand_driven run(what, never_ns, time);
        for (std::uint64_t id = 0; id < 1000; ++id) {
            const task t = run.take(1).at(0);
            completion done = {t.id, execute(t, {}), 0, 0, task_outcome::ok};
            if (id == 999) {
                done.outcome = task_outcome::cancelled;
            }
            run.complete(done);
        }
        run.subject.end();
        const trial_record record = run.analyse();
        EXPECT_EQ(record.outcomes.cancelled, 1U);
        EXPECT_EQ(std::count(record.labels.begin(), record.labels.end(), "saturated"),
                  asked ? 0 : 1);
    }
}

}  // namespace
}  // namespace stratbench
