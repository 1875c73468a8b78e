#include "harness/trial/window.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "harness/base/sleep.hpp"
#include "harness/load/trace_file.hpp"
#include "harness/trial/analysis.hpp"
#include "harness/trial/verification.hpp"
#include "tests/temporary_file.hpp"
#include "tests/units.hpp"

namespace stratbench {
namespace {

cell noop_cell(load_plan load, std::int64_t window_ns = 100 * ms) {
    cell c;
    c.strategy = "sync";
    c.workload = "noop";
    c.load = std::move(load);
    c.window_ns = window_ns;
    return c;
}

cell batch_of(std::uint64_t tasks) {
    return noop_cell({.kind = load_plan::shape::batch, .text = "", .tasks = tasks});
}

cell constant(double rate_per_s) {
    return noop_cell({.kind = load_plan::shape::constant, .text = "", .rate_per_s = rate_per_s});
}

/// A front end and a worker by hand, so that a test says what happens when.
class hand_driven {
  public:
    explicit hand_driven(cell what, std::int64_t drain_until_ns = never_ns,
                         time_line& on = machine_time::instance())
        : time(on),
          described(std::move(what)),
          subject(make_arrivals(described, 1, 0),
                  {.model = resolve_workload(parse_spec("noop", "workload")),
                   .seed = 9,
                   .drain_until_ns = drain_until_ns,
                   .time = on}) {
        subject.open();
    }

    std::vector<task> take(std::size_t most, take_mode mode = take_mode::wait) {
        std::vector<task> tasks(most);
        tasks.resize(subject.take(tasks, mode).count);
        return tasks;
    }
    static completion ending_of(const task& t) {
        const std::int64_t now = now_ns();
        return {t.id, execute(t, {}), now, now, task_outcome::ok};
    }
    void complete(const task& t) { complete(ending_of(t)); }
    void complete(const completion& done) { subject.complete({&done, 1}); }

    trial_record analyse() {
        trial_record record;
        analyse_window(subject, described, time.now(), record);
        verify_values(subject, record);
        return record;
    }

    time_line& time;
    cell described;
    window subject;
};

void sleep_ms(std::int64_t count) {
    sleep_until(now_ns() + count * ms);
}

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
    task again;
    run.complete(again);
    EXPECT_EQ(run.analyse().state, status::failed);
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

cell closed(std::uint64_t outstanding, std::uint64_t most, std::int64_t window_ns) {
    return noop_cell(
        {.kind = load_plan::shape::closed, .text = "", .tasks = most, .outstanding = outstanding},
        window_ns);
}

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

/// A window in which nothing happens by itself: the time is what the test says.
class told_time final : public time_line {
  public:
    std::int64_t now() override { return at_ns; }
    void sleep_until(std::int64_t until_ns) override { at_ns = until_ns; }
    std::int64_t at_ns = 1'000 * ms;
};

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

bool has(const trial_record& record, std::string_view label) {
    return std::count(record.labels.begin(), record.labels.end(), label) != 0;
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
