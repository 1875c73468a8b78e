#include "harness/trial/window.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "tests/harness/trial/window_fixture.hpp"

namespace stratbench {
namespace {

using namespace test;

TEST(window, a_healthy_batch_is_ok_and_adds_up) {
    hand_driven run(batch_of(5));
    for (const task& t : run.take(3)) {
        run.complete(t);
    }
    for (const task& t : run.take(3)) {
        run.complete(t);
    }
    EXPECT_TRUE(run.take(1).empty());
    const trial_record record = run.analyse();
    EXPECT_EQ(record.state, status::ok) << record.reason;
    EXPECT_EQ(record.outcomes.due, 5U);
    EXPECT_EQ(record.outcomes.accepted, 5U);
    EXPECT_EQ(record.outcomes.ok, 5U);
    EXPECT_FALSE(record.latency) << "in a batch everything is due at once";
    EXPECT_FALSE(record.latency_absent.empty());
}

TEST(window, a_task_that_vanishes_fails_the_trial) {
    hand_driven run(batch_of(3));
    const std::vector<task> tasks = run.take(3);
    run.complete(tasks[0]);
    run.complete(tasks[2]);
    const trial_record record = run.analyse();
    EXPECT_EQ(record.state, status::failed);
    EXPECT_EQ(record.reason, "1 accepted tasks vanished");
}

TEST(window, a_task_that_ends_twice_fails_the_trial) {
    hand_driven run(batch_of(2));
    for (const task& t : run.take(2)) {
        run.complete(t);
    }
    // With the same, right value.
    run.complete(run.subject.make(0));
    const trial_record record = run.analyse();
    EXPECT_EQ(record.state, status::failed);
    EXPECT_EQ(record.reason.substr(0, 2), "1 ") << record.reason;
    EXPECT_NE(record.reason.find("had ended already"), std::string::npos) << record.reason;
}

TEST(window, what_is_due_in_the_lead_in_is_accounted_for_and_in_no_latency) {
    told_time time;
    cell what = constant(100);
    what.window_ns = 50 * ms;
    hand_driven run(what, never_ns, time);
    // Of those due at 0, 10, ... 40 ms the first three are the lead-in's, and wait for 20 ms.
    run.described.lead_in_ns = 30 * ms;
    run.described.window_ns = 20 * ms;
    for (int i = 0; i < 5; ++i) {
        const task t = run.take(1).at(0);
        time.at_ns += (i < 3 ? 20 : 1) * ms;
        run.complete(t);
    }
    run.subject.end();
    const trial_record record = run.analyse();
    EXPECT_EQ(record.outcomes.due, 5U);
    EXPECT_EQ(record.outcomes.ok, 5U);
    EXPECT_EQ(record.latency->count, 2U);
}

TEST(window, whose_memory_was_another_ones_knows_nothing_of_it) {
    hand_driven before(batch_of(5));
    for (const task& t : before.take(5)) {
        before.complete(t);
    }
    window_record room = before.subject.release();
    const void* const pages = room.endings.data();
    // A smaller one, and one as large again, of which a task vanishes.
    for (const std::uint64_t tasks : {2U, 5U}) {
        hand_driven next(batch_of(tasks), never_ns, machine_time::instance(), std::move(room));
        EXPECT_EQ(next.subject.endings().data(), pages);
        EXPECT_TRUE(next.subject.acceptances().empty());
        EXPECT_TRUE(next.subject.stamps().empty());
        const std::vector<task> given = next.take(tasks);
        ASSERT_EQ(given.size(), tasks);
        for (std::size_t i = 1; i < given.size(); ++i) {
            next.complete(given[i]);
        }
        const trial_record record = next.analyse();
        EXPECT_EQ(record.reason, "1 accepted tasks vanished");
        EXPECT_EQ(record.outcomes.ok, tasks - 1);
        room = next.subject.release();
    }
}

TEST(window, throughput_counts_no_task_that_ended_without_a_result) {
    told_time time;
    hand_driven run(batch_of(4), never_ns, time);
    for (const task& t : run.take(4)) {
        completion done = hand_driven::ending_of(t);
        done.started_ns = done.finished_ns = 0;
        if (t.id == 2) {
            done.outcome = task_outcome::error;
        }
        time.at_ns += 250 * ms;
        run.complete(done);
    }
    const trial_record record = run.analyse();
    EXPECT_EQ(record.outcomes.error, 1U);
    EXPECT_DOUBLE_EQ(record.throughput_per_s, 3);
}

TEST(window, a_task_that_was_never_given_fails_the_trial) {
    hand_driven run(batch_of(2));
    run.complete(run.take(1)[0]);
    task never_given;
    never_given.id = 1;
    run.complete(never_given);
    EXPECT_EQ(run.analyse().state, status::failed);
}

TEST(window, a_result_one_bit_off_fails_the_trial_and_names_the_task) {
    hand_driven run(batch_of(4));
    for (const task& t : run.take(4)) {
        completion done = hand_driven::ending_of(t);
        if (t.id == 2) {
            done.value ^= 1;
        }
        run.complete(done);
    }
    const trial_record record = run.analyse();
    EXPECT_EQ(record.state, status::failed);
    EXPECT_NE(record.reason.find("task 2"), std::string::npos) << record.reason;
}

TEST(window, latency_counts_from_when_a_task_was_due_not_from_when_it_started) {
    hand_driven run(constant(1000));
    sleep_ms(50);  // the front end is busy elsewhere; 50 tasks become due meanwhile
    const std::vector<task> late = run.take(100, take_mode::poll);
    EXPECT_GE(late.size(), 50U);
    for (const task& t : late) {
        run.complete(t);
    }
    run.subject.end();
    const trial_record record = run.analyse();
    ASSERT_TRUE(record.latency);
    ASSERT_TRUE(record.phases);
    EXPECT_LT(record.phases->service, 1.0 * ms) << "seen from the start, it was quick";
    // They were due one after the other for 50 ms and more, and ended when that was over.
    EXPECT_GE(record.latency->max, 50.0 * ms);
    EXPECT_GE(record.latency->p50, 24.0 * ms);
    EXPECT_GE(record.phases->waiting, 24.0 * ms);
}

TEST(window, phases_add_up_to_the_mean_latency) {
    hand_driven run(constant(200));
    for (int i = 0; i < 10; ++i) {
        const std::vector<task> tasks = run.take(1);
        sleep_ms(1);
        completion done = hand_driven::ending_of(tasks[0]);
        sleep_ms(1);
        done.finished_ns = now_ns();
        sleep_ms(1);
        run.complete(done);
    }
    run.subject.end();
    trial_record record;
    analyse_window(run.subject, run.described, run.subject.endings()[9].completed_ns, record);
    ASSERT_TRUE(record.phases);
    const phase_means& p = *record.phases;
    ASSERT_EQ(record.outcomes.ok, record.latency->count - record.latency->censored);
    double total = 0;
    for (std::uint64_t id = 0; id < 10; ++id) {
        total += static_cast<double>(run.subject.endings()[id].completed_ns -
                                     run.subject.opened_ns() - run.subject.schedule().due_ns(id));
    }
    EXPECT_NEAR(p.waiting + p.dispatch + p.service + p.back, total / 10, 1.0);
    EXPECT_GE(p.dispatch, 1.0 * ms);
    EXPECT_GE(p.service, 1.0 * ms);
    EXPECT_GE(p.back, 1.0 * ms);
}

TEST(window, what_was_due_and_never_taken_is_unserved_and_censors_the_latency) {
    hand_driven run(constant(1000), 200 * ms);
    for (const task& t : run.take(1)) {
        run.complete(t);
    }
    sleep_ms(210);
    EXPECT_TRUE(run.take(1).empty()) << "the drain is over";
    const trial_record record = run.analyse();
    EXPECT_EQ(record.state, status::ok) << record.reason;
    EXPECT_EQ(record.outcomes.due, 100U);
    EXPECT_EQ(record.outcomes.accepted, 1U);
    EXPECT_EQ(record.outcomes.unserved, 99U);
    ASSERT_TRUE(record.latency);
    EXPECT_EQ(record.latency->count, 100U) << "nothing slow is dropped";
    EXPECT_EQ(record.latency->censored, 99U);
    EXPECT_EQ(std::count(record.labels.begin(), record.labels.end(), "saturated"), 1);
    EXPECT_EQ(std::count(record.labels.begin(), record.labels.end(), "rate_not_held"), 1);
    EXPECT_GT(record.front_end.longest_stall_ns, 100 * ms);
    EXPECT_GT(record.front_end.blocked_fraction, 0.5);
}

TEST(window, waits_for_the_due_time_and_never_gives_a_task_early) {
    hand_driven run(constant(500));
    for (int i = 0; i < 20; ++i) {
        const std::vector<task> tasks = run.take(1);
        ASSERT_EQ(tasks.size(), 1U);
        const std::int64_t due =
            run.subject.opened_ns() + run.subject.schedule().due_ns(tasks[0].id);
        EXPECT_GE(now_ns(), due);
        EXPECT_GE(run.subject.acceptances().back().at_ns, due);
    }
}

TEST(window, polled_before_a_task_is_due_says_when_to_ask_again) {
    hand_driven run(constant(20));
    run.take(1);
    task t;
    const take_result nothing = run.subject.take({&t, 1}, take_mode::poll);
    EXPECT_EQ(nothing.count, 0U);
    EXPECT_FALSE(nothing.ended);
    EXPECT_EQ(nothing.ask_again_ns, run.subject.opened_ns() + 50 * ms);
}

TEST(window, stamps_the_sampled_tasks_only_and_the_same_ones_for_every_strategy) {
    const window_rules rules{
        .model = resolve_workload(parse_spec("noop", "workload")), .seed = 5, .stamp_one_in = 8};
    const cell c = batch_of(80'000);
    const window one(make_arrivals(c, 1, 0), rules);
    const window other(make_arrivals(c, 1, 0), rules);
    int stamped = 0;
    for (std::uint64_t id = 0; id < 80'000; ++id) {
        EXPECT_EQ(one.make(id).stamped, other.make(id).stamped);
        stamped += one.make(id).stamped;
    }
    EXPECT_NEAR(stamped, 10'000, 400);
}

}  // namespace
}  // namespace stratbench
