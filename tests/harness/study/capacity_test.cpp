#include "harness/study/capacity.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "harness/base/spec.hpp"
#include "harness/measure/cpu_mask.hpp"
#include "harness/plan/build_plan.hpp"
#include "tests/harness/judge/recorded_trials.hpp"
#include "workloads/task_template.hpp"

namespace stratbench {
namespace {

cell asked() {
    cell c;
    c.strategy = "pool_map";
    c.workload = "sum_range:n=5000";
    c.load = {.kind = load_plan::shape::poisson, .text = "poisson:80%own"};
    c.workers = 2;
    c.serial_ns = 1000;
    return c;
}

/// A machine on which every task takes as long, and each trial a millisecond more.
class machine {
  public:
    explicit machine(double task_ns) : each_ns(task_ns) {}

    capacity measured() {
        return measure_capacity(asked(),
                                test::recorded([this](const trial_request& request, std::int64_t,
                                                      const std::atomic<bool>&) {
                                    EXPECT_EQ(request.planned.load.kind, load_plan::shape::batch);
                                    batches.push_back(request.planned.load.tasks);
                                    trial_record record;
                                    if (batches.size() == fails_at) {
                                        record.state = status::failed;
                                        record.reason = "a wrong answer";
                                        if (interrupted_as_well) {
                                            stop = true;
                                        }
                                        return record;
                                    }
                                    const auto tasks =
                                        static_cast<double>(request.planned.load.tasks);
                                    const double slower = batches.size() == slow_at ? 3 : 1;
                                    const double took_ns = (tasks * each_ns + 1e6) * slower;
                                    record.outcomes.ok = request.planned.load.tasks;
                                    record.elapsed_ns = static_cast<std::int64_t>(took_ns);
                                    record.throughput_per_s = tasks * 1e9 / took_ns;
                                    return record;
                                }),
                                stop);
    }

    double each_ns;
    std::vector<std::uint64_t> batches;
    std::size_t fails_at = 0, slow_at = 0;
    bool interrupted_as_well = false;
    std::atomic<bool> stop = false;
};

TEST(capacity, is_that_of_batches_large_enough_to_take_a_moment) {
    machine quick(100);
    EXPECT_NEAR(quick.measured().per_s, 1e7, 0.1e7);
    EXPECT_EQ(quick.batches.front(), 4U) << "nobody knows yet how long they take";
    EXPECT_GE(static_cast<double>(quick.batches.back()) * 100, 15e6);
    EXPECT_LE(quick.batches.size(), 7U);
}

TEST(capacity, of_tasks_that_take_long_is_measured_with_few_of_them) {
    machine slow(1e9);
    EXPECT_NEAR(slow.measured().per_s, 1, 0.01);
    EXPECT_EQ(slow.batches, (std::vector<std::uint64_t>{4, 4, 4}));
}

TEST(capacity, is_the_median_of_three) {
    machine steady(1e8), disturbed(1e8);
    disturbed.slow_at = 2;
    EXPECT_DOUBLE_EQ(disturbed.measured().per_s, steady.measured().per_s);
    EXPECT_EQ(disturbed.batches.size(), 3U);
}

TEST(capacity, of_a_strategy_that_takes_no_time_at_all_is_measured_with_batches_of_a_sane_size) {
    machine nothing(0);
    nothing.measured();
    EXPECT_LE(nothing.batches.back(), 2'000'000U);
}

TEST(capacity, is_not_known_where_a_trial_fails_and_says_why) {
    machine broken(1e8);
    broken.fails_at = 2;
    EXPECT_EQ(broken.measured().reason, "a wrong answer");
    EXPECT_EQ(broken.batches.size(), 2U);
}

TEST(capacity, is_given_up_when_the_user_stops_the_study) {
    machine stopped(1e8);
    stopped.fails_at = 1;
    stopped.interrupted_as_well = true;
    EXPECT_THROW(stopped.measured(), interrupted);
}

TEST(undisturbed_cost, is_that_of_a_task_and_leaves_the_thread_its_cpus) {
    const int before = cpu_mask::of_this_thread().count();
    const task_template t = resolve_workload(parse_spec("sqrt_log:n=10000", "workload"));
    const double cost_ns = undisturbed_cost_ns(t);
    EXPECT_LT(cost_ns, 5 * serial_cost_ns(t));
    EXPECT_GT(cost_ns, serial_cost_ns(t) / 5);
    EXPECT_EQ(cpu_mask::of_this_thread().count(), before);
}

}  // namespace
}  // namespace stratbench
