// More than twice as many tasks as the strategy can do, by the real strategies in trial processes
// of their own: what happens must be said, by all of them in the same terms.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "harness/launch/launcher.hpp"
#include "harness/model/labels.hpp"
#include "tests/oracle/simulation.hpp"

namespace stratbench::oracle {
namespace {

constexpr std::int64_t window_ns = 400 * ms;
/// A task takes 4 ms because it waits, so that what a worker can do does not depend on the machine.
constexpr std::int64_t task_ns = 4 * ms;
constexpr double capacity_per_s = 1e9 / static_cast<double>(task_ns);
/// At exactly twice the capacity all could just be served in the window and the one for draining.
constexpr double overload = 2.5;

trial_record overloaded(const std::string& strategy) {
    trial_request request;
    request.planned.strategy = strategy;
    request.planned.workload = "noop:wait=4ms";
    request.planned.load = open_load(load_plan::shape::constant, overload * capacity_per_s);
    request.planned.window_ns = window_ns;
    request.planned.serial_ns = 60;
    request.warm_up_ns = 1 * ms;
    return launch_trial(request, 60 * second, false);
}

class overload_of : public testing::TestWithParam<const char*> {};

TEST_P(overload_of, a_strategy_is_labelled_and_accounted_for_to_the_last_task) {
    const trial_record record = overloaded(GetParam());
    ASSERT_EQ(record.state, status::ok) << record.reason;
    EXPECT_THAT(record.labels, testing::Contains(label::saturated));

    const outcome_counts& o = record.outcomes;
    EXPECT_EQ(o.due, static_cast<std::uint64_t>(overload * capacity_per_s * window_ns * 1e-9));
    EXPECT_EQ(o.due, o.accepted + o.rejected + o.unserved);
    EXPECT_EQ(o.accepted, o.ok + o.error + o.crashed + o.timed_out + o.cancelled);
    EXPECT_GT(o.ok, 0U);
    EXPECT_GT(o.unserved + o.cancelled, 0U) << "it cannot have served all within two windows";

    // Every due task has a latency, those that were never served a bound.
    ASSERT_TRUE(record.latency);
    EXPECT_EQ(record.latency->count, o.due);
    EXPECT_EQ(record.latency->censored, o.due - o.ok);
    ASSERT_TRUE(record.latency->censored_from);
    EXPECT_GE(record.latency->p99, *record.latency->censored_from) << "the tail is a bound";
    EXPECT_GE(record.latency->max, static_cast<double>(window_ns));

    EXPECT_LT(record.peak_memory_bytes, 64U << 20) << "a queue may grow, memory may not";
    EXPECT_LE(record.elapsed_ns, 2 * window_ns + 20 * second) << "draining has an end";
}

INSTANTIATE_TEST_SUITE_P(oracle, overload_of,
                         testing::Values("sync", "pool_map", "apply_async", "async_process_pool",
                                         "async_thread_pool", "process_per_task"),
                         [](const auto& tested) { return tested.param; });

TEST(overload, gives_strategies_that_take_differently_comparable_tails) {
    // sync leaves what it cannot do untaken, apply_async takes it all: both must answer for it.
    const trial_record base = overloaded("sync");
    ASSERT_TRUE(base.latency) << base.reason;
    for (const char* strategy : {"pool_map", "apply_async", "async_process_pool"}) {
        const trial_record record = overloaded(strategy);
        ASSERT_TRUE(record.latency) << record.reason;
        EXPECT_GT(record.latency->p99, base.latency->p99 / 2) << strategy;
        EXPECT_LT(record.latency->p99, base.latency->p99 * 2) << strategy;
    }
}

}  // namespace
}  // namespace stratbench::oracle
