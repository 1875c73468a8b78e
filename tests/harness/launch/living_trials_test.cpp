// Several trials alive at once, each in processes of its own, which take turns.

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <memory>
#include <string>
#include <vector>

#include "harness/base/sleep.hpp"
#include "harness/launch/launcher.hpp"
#include "harness/measure/proc_files.hpp"
#include "harness/measure/process_tree.hpp"
#include "tests/harness/trial/trial_fixture.hpp"
#include "tests/sanitized.hpp"
#include "tests/units.hpp"
#include "tests/watched_process.hpp"

namespace stratbench {
namespace {

using fixture::deadline_ns;
using fixture::expect_nothing_left;
using fixture::go_on;
using fixture::request_for;

std::unique_ptr<running_trial> started(const trial_request& request) {
    return start_trial(request, deadline_ns, go_on);
}

/// Kills it and waits for its end: until that has come, its trial may still answer.
void expect_killed(pid_t process) {
    const test::watched_process victim(process);
    ::kill(process, SIGKILL);
    EXPECT_TRUE(victim.ends());
}

TEST(living_trials, make_one_record_of_many_slices) {
    const trial_request request = request_for("async_process_pool", "sqrt_log:n=3000");
    const auto trial = started(request);
    for (const int round : {3, 4, 9}) {
        ASSERT_TRUE(trial->measure(round, deadline_ns));
    }
    const trial_record record = trial->finish(deadline_ns);
    ASSERT_EQ(record.state, status::ok) << record.reason;
    ASSERT_EQ(record.slices.size(), 3U);
    EXPECT_EQ(record.slices[0].round, 3);
    EXPECT_EQ(record.slices[2].round, 9);
    for (const slice_record& slice : record.slices) {
        EXPECT_GT(slice.throughput_per_s, 0);
        EXPECT_GT(slice.service_ns.value_or(0), 0);
        EXPECT_FALSE(slice.p50_ns) << "a batch has no latency";
    }
    EXPECT_EQ(record.outcomes.ok, 150U) << "of all slices";
    EXPECT_EQ(record.service->count, 150U);
    EXPECT_GE(record.peak_processes, 3);
    expect_nothing_left();
}

TEST(living_trials, take_turns_and_each_has_its_own_record) {
    const auto a = started(request_for("pool_map", "sqrt_log:n=3000"));
    const auto b = started(request_for("async_thread_pool", "sqrt_log:n=3000"));
    const auto c = started(request_for("process_per_task", "sqrt_log:n=3000"));
    for (int round = 0; round < 3; ++round) {
        for (running_trial* each : {c.get(), a.get(), b.get()}) {
            ASSERT_TRUE(each->measure(round, deadline_ns));
        }
    }
    for (running_trial* each : {b.get(), c.get(), a.get()}) {
        const trial_record record = each->finish(deadline_ns);
        EXPECT_EQ(record.state, status::ok) << record.reason;
        EXPECT_EQ(record.outcomes.ok, 150U);
    }
    expect_nothing_left();
}

TEST(living_trials, one_that_is_killed_out_of_its_turn_fails_alone) {
    const auto before = children_of(::getpid());
    const auto victim = started(request_for("pool_map", "sqrt_log:n=3000"));
    const pid_t supervisor = children_of(::getpid()).back();
    ASSERT_EQ(children_of(::getpid()).size(), before.size() + 1);
    const auto other = started(request_for("apply_async", "sqrt_log:n=3000"));
    ASSERT_TRUE(victim->measure(0, deadline_ns));
    ASSERT_TRUE(other->measure(0, deadline_ns));
    ASSERT_EQ(children_of(supervisor).size(), 1U);
    expect_killed(children_of(supervisor).front());
    ASSERT_TRUE(other->measure(1, deadline_ns));
    EXPECT_FALSE(victim->measure(1, deadline_ns));
    const trial_record dead = victim->finish(deadline_ns);
    EXPECT_EQ(dead.state, status::failed);
    EXPECT_NE(dead.reason.find("killed by signal 9"), std::string::npos) << dead.reason;
    ASSERT_TRUE(other->measure(2, deadline_ns)) << "whose tree was taken for the dead one's";
    EXPECT_EQ(other->finish(deadline_ns).outcomes.ok, 150U);
    expect_nothing_left();
}

TEST(living_trials, one_whose_supervisor_is_killed_leaves_nothing_and_no_other_is_harmed) {
    const auto victim = started(request_for("async_process_pool", "sqrt_log:n=3000"));
    const pid_t supervisor = children_of(::getpid()).back();
    const auto other = started(request_for("process_per_task", "sqrt_log:n=3000"));
    expect_killed(supervisor);
    EXPECT_FALSE(victim->measure(0, deadline_ns));
    EXPECT_EQ(victim->finish(deadline_ns).state, status::failed);
    ASSERT_TRUE(other->measure(0, deadline_ns));
    EXPECT_EQ(other->finish(deadline_ns).outcomes.ok, 50U);
    expect_nothing_left();
}

TEST(living_trials, one_that_crashes_in_its_turn_fails_alone) {
    trial_request crashing = request_for("sync", "faults:kind=abort,every=3");
    const auto victim = started(crashing);
    const auto other = started(request_for("pool_map", "sqrt_log:n=3000"));
    EXPECT_FALSE(victim->measure(0, deadline_ns));
    const trial_record dead = victim->finish(deadline_ns);
    EXPECT_EQ(dead.state, status::failed);
    EXPECT_NE(dead.reason.find("signal 6"), std::string::npos) << dead.reason;
    EXPECT_TRUE(other->measure(0, deadline_ns));
    EXPECT_EQ(other->finish(deadline_ns).state, status::ok);
    expect_nothing_left();
}

TEST(living_trials, one_that_hangs_in_its_turn_is_killed_at_its_deadline_and_fails_alone) {
    const auto victim = started(request_for("async_process_pool", "faults:kind=hang,every=7"));
    const auto other = started(request_for("apply_async", "sqrt_log:n=3000"));
    EXPECT_FALSE(victim->measure(0, 300 * ms));
    const trial_record dead = victim->finish(deadline_ns);
    EXPECT_EQ(dead.state, status::failed);
    EXPECT_NE(dead.reason.find("hung"), std::string::npos) << dead.reason;
    EXPECT_TRUE(other->measure(0, deadline_ns));
    EXPECT_EQ(other->finish(deadline_ns).state, status::ok);
    expect_nothing_left();
}

TEST(living_trials, one_that_is_given_up_leaves_nothing) {
    {
        const auto a = started(request_for("process_per_task", "noop"));
        const auto b = started(request_for("pool_map", "noop"));
        ASSERT_TRUE(a->measure(0, deadline_ns));
    }
    expect_nothing_left();
}

TEST(living_trials, a_wrong_value_in_a_later_slice_fails_the_trial) {
    // Without a limit on memory the task's value is a wrong one.
    trial_request request = request_for("pool_map", "faults:kind=memory,every=400");
    const auto trial = started(request);
    int round = 0;
    while (round < 200 && trial->measure(round, deadline_ns)) {
        ++round;
    }
    EXPECT_LT(round, 200);
    const trial_record record = trial->finish(deadline_ns);
    EXPECT_EQ(record.state, status::failed);
    EXPECT_NE(record.reason.find("returned"), std::string::npos) << record.reason;
    expect_nothing_left();
}

TEST(living_trials, use_no_cpu_while_they_wait) {
    if (test::sanitized) {
        GTEST_SKIP() << "a sanitizer's runtime has threads that wake up";
    }
    std::vector<std::unique_ptr<running_trial>> waiting;
    for (const char* strategy : {"sync", "pool_map", "apply_async", "async_process_pool",
                                 "async_thread_pool", "process_per_task"}) {
        waiting.push_back(started(request_for(strategy, "sqrt_log:n=3000")));
        ASSERT_TRUE(waiting.back()->measure(0, deadline_ns));
    }
    const process_ledger nobody;
    process_tree tree(nobody);  // walks over all below this process
    std::int64_t used = 0;
    ASSERT_GT(tree.measure().processes, 12);
    // Without what the walk itself costs.
    const auto of_others = [&tree] { return tree.walk().cpu_ns() - process_cpu_ns(::getpid()); };
    // Whoever still had something to do has done it when a look finds next to nothing.
    for (int effect_test = 0; effect_test < 20; ++effect_test) {
        const std::int64_t before = of_others();
        sleep_until(now_ns() + 100 * ms);
        used = of_others() - before;
        if (used < 100'000) {
            break;
        }
    }
    EXPECT_LT(used, 100'000) << "nanoseconds of CPU in 100 ms";
}

}  // namespace
}  // namespace stratbench
