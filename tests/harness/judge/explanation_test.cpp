#include "harness/judge/explanation.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "harness/judge/harness_cost.hpp"
#include "tests/harness/judge/ranking_fixture.hpp"

namespace stratbench {
namespace {

using fixture::cell_of;
using fixture::study_of;
using phase = explanation::phase;

/// Rounds whose tasks take these phases on average, each 1 % longer than in the round before.
cell_result phased_cell(const std::string& strategy, phase_means of, int rounds = 5) {
    std::vector<trial_record> trials;
    for (int round = 0; round < rounds; ++round) {
        const double by = 1 + 0.01 * round;
        const double total = of.waiting + of.dispatch + of.service + of.back;
        trial_record t = fixture::with_latency(fixture::trial(round, 500), 1000, total * by);
        t.phases = phase_means{of.waiting * by, of.dispatch * by, of.service * by, of.back * by};
        trials.push_back(t);
    }
    return cell_of(strategy, std::move(trials), load_plan::shape::poisson);
}

cell_result batch_cell(const std::string& strategy, double throughput, double cores,
                       double efficiency) {
    std::vector<trial_record> trials;
    for (int round = 0; round < 5; ++round) {
        const double by = 1 + 0.001 * round;
        trial_record t = fixture::trial(round, throughput * by);
        t.cpu.mean_busy_cores = cores * by;
        t.cpu.efficiency = efficiency;
        trials.push_back(t);
    }
    return cell_of(strategy, std::move(trials));
}

std::vector<explanation> explained(const study_results& study) {
    return explain(rank(study).front());
}

TEST(explanation, gives_each_phase_its_part_of_the_additional_time) {
    const study_results study = study_of(
        {phased_cell("slow", {3e6, 3e5, 1e6, 1e5}), phased_cell("fast", {1e5, 1e5, 1e6, 1e5})});
    const auto found = explained(study);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].cell->planned.strategy, "slow");
    EXPECT_EQ(found[0].best->planned.strategy, "fast");
    ASSERT_TRUE(found[0].latency);
    EXPECT_NEAR(found[0].latency->more_ns, 3.1e6 * 1.02, 1);
    ASSERT_EQ(found[0].latency->parts.size(), 2u) << "service and return do not differ";
    EXPECT_EQ(found[0].latency->parts[0].where, phase::waiting);
    EXPECT_NEAR(found[0].latency->parts[0].more_ns, 2.9e6 * 1.02, 1);
    EXPECT_EQ(found[0].latency->parts[1].where, phase::dispatch);
    EXPECT_FALSE(found[0].latency->served_only);
    EXPECT_FALSE(found[0].throughput);
}

TEST(explanation, leaves_out_a_phase_whose_difference_is_noise) {
    study_results study = study_of(
        {phased_cell("slow", {3e6, 1e5, 1e6, 0}), phased_cell("fast", {1e5, 1e5, 1e6, 0})});
    const double noise[] = {4e5, -4e5, 3e5, -3e5, 1e5};
    for (std::size_t i = 0; i < 5; ++i) {
        study.cells[0].trials[i].phases->dispatch = 5e5 + noise[i];
    }
    for (std::size_t i = 0; i < 5; ++i) {
        study.cells[1].trials[i].phases->dispatch = 4e5 - noise[i];
    }
    const auto found = explained(study);
    ASSERT_EQ(found.size(), 1u);
    ASSERT_EQ(found[0].latency->parts.size(), 1u);
    EXPECT_EQ(found[0].latency->parts[0].where, phase::waiting);
}

TEST(explanation, says_nothing_of_those_who_share_the_first_place) {
    const study_results study =
        study_of({phased_cell("a", {1e5, 1e5, 1e6, 1e5}), phased_cell("b", {1e5, 1e5, 1e6, 1e5})});
    EXPECT_TRUE(explained(study).empty());
}

TEST(explanation, says_nothing_where_there_is_no_verdict) {
    const study_results study = study_of(
        {phased_cell("slow", {3e6, 1e5, 1e6, 0}, 2), phased_cell("fast", {1e5, 1e5, 1e6, 0}, 2)});
    EXPECT_TRUE(explained(study).empty());
}

TEST(explanation, says_nothing_without_phases_and_nothing_of_a_reference) {
    study_results study =
        study_of({phased_cell("slow", {3e6, 1e5, 1e6, 0}), phased_cell("fast", {1e5, 1e5, 1e6, 0}),
                  phased_cell("other", {4e6, 1e5, 1e6, 0})});
    for (trial_record& t : study.cells[0].trials) {
        t.phases.reset();
    }
    study.cells[2].planned.reference = true;
    EXPECT_TRUE(explained(study).empty());
}

TEST(explanation, of_tasks_that_were_not_all_served_says_so) {
    study_results study = study_of(
        {phased_cell("slow", {3e6, 1e5, 1e6, 0}), phased_cell("fast", {1e5, 1e5, 1e6, 0})});
    study.cells[0].summary.outcomes.due += 1;
    ASSERT_EQ(explained(study).size(), 1u);
    EXPECT_TRUE(explained(study)[0].latency->served_only);
}

TEST(explanation, of_a_batch_tells_idle_cores_from_wasted_ones) {
    const study_results study =
        study_of({batch_cell("best", 2000, 2, 0.98), batch_cell("idle", 1000, 1, 0.98),
                  batch_cell("wasteful", 500, 2, 0.25), batch_cell("both", 100, 1, 0.1)});
    const auto found = explained(study);
    ASSERT_EQ(found.size(), 3u);
    const auto& idle = *found[0].throughput;
    EXPECT_TRUE(idle.cores && idle.cores_first);
    EXPECT_FALSE(idle.efficiency);
    EXPECT_NEAR(idle.times, 2, 0.01);
    const auto& wasteful = *found[1].throughput;
    EXPECT_TRUE(wasteful.efficiency && !wasteful.cores_first);
    const auto& both = *found[2].throughput;
    EXPECT_TRUE(both.cores && both.efficiency && !both.cores_first);
}

TEST(explanation, of_a_batch_without_cpu_figures_there_is_none) {
    study_results study =
        study_of({batch_cell("best", 2000, 2, 0.98), batch_cell("other", 1000, 2, 0.98)});
    EXPECT_TRUE(explained(study).empty()) << "neither figure differs";
}

TEST(harness_cost, is_its_share_of_the_serial_time_of_a_task) {
    cell what;
    environment machine;
    EXPECT_FALSE(harness_cost(what, machine));
    machine.hand_over_ns = 60;
    machine.stamp_ns = 40;
    EXPECT_FALSE(harness_cost(what, machine)) << "the task's own time is not known";
    what.serial_ns = 1000;
    EXPECT_DOUBLE_EQ(*harness_cost(what, machine), 0.1);
    what.stamp_one_in = 4;
    EXPECT_DOUBLE_EQ(*harness_cost(what, machine), 0.07);
}

}  // namespace
}  // namespace stratbench
