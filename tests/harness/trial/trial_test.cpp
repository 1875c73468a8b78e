// Whole trials, each in a process of its own.

#include <gtest/gtest.h>

#include <numeric>
#include <thread>

#include "harness/launch/launcher.hpp"
#include "harness/load/trace_file.hpp"
#include "harness/measure/event_counters.hpp"
#include "strategies/contract/strategy.hpp"
#include "strategies/registry.hpp"
#include "tests/harness/trial/trial_fixture.hpp"
#include "tests/runnable.hpp"
#include "tests/sanitized.hpp"
#include "tests/temporary_file.hpp"
#include "tests/units.hpp"

namespace stratbench {
namespace {

using fixture::deadline_ns;
using fixture::expect_nothing_left;
using fixture::go_on;
using fixture::request_for;

class every_strategy : public testing::TestWithParam<const strategy_info*> {};

TEST_P(every_strategy, completes_a_batch_with_every_task_accounted_for) {
    trial_request request = request_for(std::string(GetParam()->name), "sqrt_log:n=3000");
    request.planned.load.tasks = test::is_slow(*GetParam()) ? 10 : 50;
    const trial_record record = launch_trial(request, deadline_ns, go_on);
    EXPECT_EQ(record.state, status::ok) << record.reason;
    EXPECT_EQ(record.outcomes.due, request.planned.load.tasks);
    EXPECT_EQ(record.outcomes.ok, request.planned.load.tasks);
    EXPECT_GT(record.throughput_per_s, 0);
    EXPECT_GT(record.elapsed_ns, 0);
    EXPECT_GT(record.timer_real_s, 0);
    EXPECT_GT(record.cpu.user_s + record.cpu.system_s, 0);
    ASSERT_TRUE(record.service);
    EXPECT_GT(record.service->p50, 0);
    expect_nothing_left();
}

TEST_P(every_strategy, serves_open_arrivals_with_a_latency_for_each) {
    if (test::is_slow(*GetParam())) {
        GTEST_SKIP() << "a pool or a process for each takes too long";
    }
    trial_request request = request_for(std::string(GetParam()->name), "sqrt_log:n=3000");
    request.planned.load = {.kind = load_plan::shape::poisson, .text = "p", .rate_per_s = 200};
    request.planned.window_ns = 250 * ms;
    const trial_record record = launch_trial(request, deadline_ns, go_on);
    EXPECT_EQ(record.state, status::ok) << record.reason;
    ASSERT_TRUE(record.latency);
    EXPECT_EQ(record.latency->count, record.outcomes.due);
    const outcome_counts& o = record.outcomes;
    EXPECT_EQ(o.due, o.accepted + o.rejected + o.unserved);
    EXPECT_EQ(o.accepted, o.ok + o.error + o.crashed + o.timed_out + o.cancelled);
    EXPECT_GT(o.due, 10U);
    expect_nothing_left();
}

void expect_all_accounted_for(const trial_record& record, const std::string& what) {
    ASSERT_EQ(record.state, status::ok) << what << ": " << record.reason;
    const outcome_counts& o = record.outcomes;
    EXPECT_EQ(o.due, o.accepted + o.rejected + o.unserved) << what;
    EXPECT_EQ(o.accepted, o.ok + o.error + o.crashed + o.timed_out + o.cancelled) << what;
    EXPECT_GT(o.ok, 0U) << what;
    expect_nothing_left();
}

/// A trial with the window of the request; where a busy machine had no time in it for a single
/// task, with a longer one, which the request has afterwards.
trial_record launch_until_a_task_ends(trial_request& request) {
    trial_record record = launch_trial(request, deadline_ns, go_on);
    while (record.outcomes.ok == 0 && request.planned.window_ns < deadline_ns / 4) {
        request.planned.window_ns *= 4;
        record = launch_trial(request, deadline_ns, go_on);
    }
    return record;
}

TEST_P(every_strategy, keeps_a_closed_load_going_and_ends_it_with_the_window) {
    // Fewer outstanding than workers, about as many, more, and more than a channel holds.
    for (const std::uint64_t outstanding : {1U, 3U, 64U, 10'000U}) {
        if (test::is_slow(*GetParam()) && outstanding > 3) {
            break;  // takes seconds
        }
        trial_request request = request_for(std::string(GetParam()->name), "sqrt_log:n=1000");
        request.planned.load = {.kind = load_plan::shape::closed,
                                .text = "closed",
                                .tasks = 200'000,
                                .outstanding = outstanding};
        request.planned.window_ns = 50 * ms;
        const std::string what = "closed:" + std::to_string(outstanding);
        const trial_record record = launch_until_a_task_ends(request);
        expect_all_accounted_for(record, what);
        EXPECT_EQ(record.window_ns, request.planned.window_ns) << what;
        EXPECT_GE(record.outcomes.due, outstanding) << what;
        EXPECT_TRUE(record.latency) << what;
    }
}

TEST_P(every_strategy, goes_on_under_a_closed_load_as_slots_are_freed) {
    trial_request request = request_for(std::string(GetParam()->name), "sqrt_log:n=300,wait=1ms");
    // A record of so many ends the load, however long that takes.
    request.planned.load = {
        .kind = load_plan::shape::closed, .text = "closed", .tasks = 40, .outstanding = 3};
    request.planned.window_ns = deadline_ns;
    const trial_record record = launch_trial(request, deadline_ns, go_on);
    expect_all_accounted_for(record, "closed:3");
    EXPECT_EQ(record.outcomes.ok, 40U);
}

TEST_P(every_strategy, serves_bursts_and_traces) {
    if (test::is_slow(*GetParam())) {
        GTEST_SKIP() << "a pool or a process for each takes too long";
    }
    trial_request request = request_for(std::string(GetParam()->name), "sqrt_log:n=3000");
    request.planned.load = {
        .kind = load_plan::shape::burst, .text = "b", .rate_per_s = 400, .burst = 8};
    request.planned.window_ns = 250 * ms;
    trial_record record = launch_until_a_task_ends(request);
    expect_all_accounted_for(record, "burst");
    EXPECT_EQ(record.latency->count, record.outcomes.due);

    const test::temporary_file file("0\n0\n0\n0.02\n0.05\n0.05\n");
    request.planned.load = {.kind = load_plan::shape::trace,
                            .text = "t",
                            .tasks = 6,
                            .rate_per_s = 100,
                            .trace = trace_plan{file.path(), 1, read_trace(file.path(), 1).hash}};
    request.planned.window_ns = 60 * ms;
    record = launch_until_a_task_ends(request);
    expect_all_accounted_for(record, "trace");
    EXPECT_EQ(record.outcomes.due, 6U);

    file.write("0\n1\n");
    record = launch_trial(request, deadline_ns, go_on);
    EXPECT_EQ(record.state, status::failed);
    EXPECT_NE(record.reason.find("has changed"), std::string::npos) << record.reason;
}

INSTANTIATE_TEST_SUITE_P(strategies, every_strategy, testing::ValuesIn(test::runnable_strategies()),
                         [](const auto& about) { return std::string(about.param->name); });

TEST(trial, overload_ends_in_time_with_every_due_task_accounted_for) {
    for (const char* strategy : {"sync", "pool_map", "apply_async", "async_process_pool"}) {
        trial_request request = request_for(strategy, "sqrt_log:n=300000");
        request.planned.load = {
            .kind = load_plan::shape::constant, .text = "c", .rate_per_s = 20'000};
        request.planned.window_ns = 100 * ms;
        const trial_record record = launch_trial(request, deadline_ns, go_on);
        EXPECT_EQ(record.state, status::ok) << strategy << ": " << record.reason;
        const outcome_counts& o = record.outcomes;
        EXPECT_EQ(o.due, 2000U) << strategy;
        EXPECT_EQ(o.due, o.accepted + o.unserved);
        EXPECT_EQ(o.accepted, o.ok + o.cancelled);
        EXPECT_LT(o.ok, 2000U);
        EXPECT_EQ(std::count(record.labels.begin(), record.labels.end(), "saturated"), 1)
            << strategy;
        ASSERT_TRUE(record.latency);
        EXPECT_EQ(record.latency->count, 2000U);
        EXPECT_EQ(record.latency->censored, o.due - o.ok);
    }
}

TEST(trial, shows_every_task_and_the_loops_heartbeats_when_asked_to) {
    trial_request request = request_for("async_inline", "sqrt_log:n=3000,wait=30ms");
    request.planned.load.tasks = 4;
    request.detail = {.tasks = true, .timeline = true};
    const trial_record record = launch_trial(request, deadline_ns, go_on);
    ASSERT_EQ(record.state, status::ok) << record.reason;
    ASSERT_EQ(record.tasks.size(), 4U);
    for (const task_trace& t : record.tasks) {
        EXPECT_LE(t.due_ns, t.accepted_ns);
        EXPECT_LE(t.accepted_ns, t.started_ns);
        EXPECT_LE(t.started_ns, t.finished_ns);
        EXPECT_LE(t.finished_ns, t.completed_ns);
        EXPECT_GE(t.finished_ns - t.started_ns, 30 * ms) << "the wait is part of the service";
        EXPECT_EQ(t.outcome, "ok");
    }
    EXPECT_FALSE(record.heartbeats.empty());
}

TEST(trial, tells_what_the_kernel_counted_for_its_whole_tree) {
    trial_request request = request_for("process_per_task", "sqrt_log:n=30000");
    const trial_record record = launch_trial(request, deadline_ns, go_on);
    ASSERT_EQ(record.state, status::ok) << record.reason;
    EXPECT_EQ(record.processes_made, 50U);
    EXPECT_GE(record.cpu.kernel.minor_faults, 50U) << "a process each";
    EXPECT_GE(record.cpu.kernel.voluntary_switches, 1U);
    EXPECT_GE(record.peak_processes, 2) << "the trial and its fork server, at least";
    // Each has one thread; a sanitizer gives its own to some.
    EXPECT_GE(record.peak_threads, record.peak_processes);
    EXPECT_GE(record.peak_descriptors, 3 * record.peak_processes);
}

TEST(trial, counts_events_only_where_a_task_is_long_enough_not_to_be_slowed_down) {
    trial_request request = request_for("async_thread_pool", "sqrt_log:n=3000");
    request.planned.serial_ns = 99'000;
    EXPECT_FALSE(launch_trial(request, deadline_ns, go_on).cpu.kernel.migrations);
    request.planned.serial_ns = 100'000;
    EXPECT_EQ(launch_trial(request, deadline_ns, go_on).cpu.kernel.migrations.has_value(),
              event_counters().migrations_absent().empty());
}

TEST(trial, a_loop_that_a_task_blocks_says_for_how_long_it_was_deaf) {
    trial_request request = request_for("async_inline", "sum_range:duration=60ms");
    request.planned.load.tasks = 2;
    const trial_record blocked = launch_trial(request, deadline_ns, go_on);
    ASSERT_EQ(blocked.state, status::ok) << blocked.reason;
    ASSERT_TRUE(blocked.front_end.loop_lag);
    EXPECT_GE(blocked.front_end.loop_lag->max_ns, 20e6);
    request.planned.strategy = "sync";
    const trial_record no_loop = launch_trial(request, deadline_ns, go_on);
    EXPECT_FALSE(no_loop.front_end.loop_lag) << "there is no loop";
}

TEST(trial, memory_is_what_the_strategy_adds_not_what_the_record_takes) {
    if (test::sanitized) {
        GTEST_SKIP() << "a sanitizer's shadow of the record is memory of the process, too";
    }
    trial_request request = request_for("sync", "noop");
    request.planned.load.tasks = 2'000'000;  // a record of 200 MB
    request.planned.stamp_one_in = 256;
    const trial_record record = launch_trial(request, deadline_ns, go_on);
    ASSERT_EQ(record.state, status::ok) << record.reason;
    EXPECT_LT(record.peak_memory_bytes, 16U << 20);
}

TEST(trial, a_batch_finds_the_pages_that_its_lead_in_has_touched) {
    if (test::sanitized) {
        GTEST_SKIP() << "a sanitizer's allocator gives every allocation a page of its own";
    }
    // Records of different lengths: whether the strategy's own memory begins on a page of its own
    // depends on them. A kernel in want may take a page back, and so may code be in a new one.
    int faulting = 0;
    for (const int tasks : {20, 30, 50, 70, 100, 140, 200, 280, 400, 560, 800, 1100}) {
        trial_request request = request_for("sync", "sum_range:n=1000");
        request.planned.load.tasks = static_cast<std::uint64_t>(tasks);
        std::uint64_t fewest = 1;
        for (int i = 0; i < 5 && fewest > 0; ++i) {
            const trial_record record = launch_trial(request, deadline_ns, go_on);
            ASSERT_EQ(record.state, status::ok) << record.reason;
            fewest = std::min(fewest, record.cpu.kernel.minor_faults);
        }
        faulting += fewest > 0 ? 1 : 0;
    }
    EXPECT_LE(faulting, 2);
}

TEST(launcher, a_trial_that_hangs_is_killed_at_the_deadline_with_its_whole_tree) {
    trial_request request = request_for("async_process_pool", "noop:wait=1000s");
    request.warm_up_ns = 0;
    const trial_record record = launch_trial(request, 300 * ms, go_on);
    EXPECT_EQ(record.state, status::failed);
    EXPECT_NE(record.reason.find("hung"), std::string::npos) << record.reason;
    expect_nothing_left();
}

TEST(launcher, an_interruption_ends_the_trial_and_its_whole_tree) {
    std::atomic<bool> stop{false};
    std::jthread user([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
        stop.store(true);
    });
    const trial_request request = request_for("process_per_task", "noop:wait=1000s");
    EXPECT_THROW(launch_trial(request, deadline_ns, stop), interrupted);
    expect_nothing_left();
}

TEST(launcher, a_trial_of_an_unknown_strategy_is_a_failed_record) {
    const trial_record record = launch_trial(request_for("no_such", "noop"), deadline_ns, go_on);
    EXPECT_EQ(record.state, status::failed);
    EXPECT_NE(record.reason.find("no_such"), std::string::npos) << record.reason;
}

}  // namespace
}  // namespace stratbench
