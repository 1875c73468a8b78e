// How punctually a waiting front end is handed its tasks, on a machine whose sleeps end late by an
// amount that is known.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/model/labels.hpp"
#include "tests/oracle/simulation.hpp"

namespace stratbench::oracle {
namespace {

constexpr std::int64_t late_ns = 40 * us;
constexpr std::int64_t reading_ns = 100;
constexpr std::uint64_t paced_tasks = 1000;

/// Each look at the clock takes 100 ns, each sleep 40 us more than it should.
class sluggish_time final : public time_line {
  public:
    std::int64_t now() override { return at_ns_ += reading_ns; }
    void sleep_until(std::int64_t until_ns) override {
        at_ns_ = std::max(at_ns_, until_ns) + late_ns;
    }

  private:
    std::int64_t at_ns_ = 1000 * second;
};

struct outcome_of_pacing {
    trial_record record;
    double spun_each_ns;
};

/// A front end that completes each task as soon as it has it, one a millisecond.
outcome_of_pacing paced(std::int64_t pacing_spin_ns) {
    const cell what =
        simulated_cell(open_load(load_plan::shape::constant, 1000), paced_tasks * 1 * ms);
    sluggish_time time;
    window measured(make_arrivals(what, 1, 0),
                    {.model = resolve_workload(parse_spec(what.workload, "workload")),
                     .seed = 1,
                     .pacing_spin_ns = pacing_spin_ns,
                     .time = time});
    measured.open();
    task next;
    while (!measured.take({&next, 1}, take_mode::wait).ended) {
        const completion done{next.id, execute(next, {}), 0, 0, task_outcome::ok};
        measured.complete({&done, 1});
    }
    outcome_of_pacing result;
    analyse_window(measured, what, time.now(), result.record);
    result.spun_each_ns =
        static_cast<double>(measured.spun_ns()) / static_cast<double>(paced_tasks);
    return result;
}

TEST(pacing, without_a_spin_is_as_late_as_the_machines_sleeps_and_says_so) {
    const outcome_of_pacing out = paced(0);
    ASSERT_TRUE(out.record.front_end.pacing_p50_ns);
    EXPECT_NEAR(*out.record.front_end.pacing_p50_ns, static_cast<double>(late_ns), 200);
    EXPECT_NEAR(*out.record.front_end.pacing_p99_ns, static_cast<double>(late_ns), 200);
    EXPECT_THAT(out.record.labels, testing::Contains(label::pacing));
    // A late hand-over is part of the latency, for it counts from the due time.
    EXPECT_GE(out.record.latency->p50, static_cast<double>(late_ns));
}

TEST(pacing, with_a_spin_for_the_wake_up_error_is_punctual_and_accounts_for_the_spin) {
    const outcome_of_pacing out = paced(late_ns + 10 * us);
    ASSERT_TRUE(out.record.front_end.pacing_p50_ns);
    EXPECT_LE(*out.record.front_end.pacing_p99_ns, 2.0 * reading_ns);
    EXPECT_THAT(out.record.labels, testing::Not(testing::Contains(label::pacing)));
    EXPECT_NEAR(out.spun_each_ns, 10e3, 500);
}

}  // namespace
}  // namespace stratbench::oracle
