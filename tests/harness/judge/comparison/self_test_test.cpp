#include "harness/judge/comparison/self_test.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/harness/judge/comparison/comparison_fixture.hpp"

namespace stratbench {
namespace {

measurement studied(int rounds, double phase = 0) {
    measurement file = file_of("s", {measured_cell_of("a", scattered(1000, rounds, phase)),
                                     measured_cell_of("b", scattered(500, rounds, phase + 0.5))});
    file.info.measuring_s = 60;
    return file;
}

TEST(self_test, of_two_files_of_one_build_says_what_they_can_show) {
    const self_test_report report = self_test(studied(20), studied(20, 1), {});
    EXPECT_EQ(report.impossible, "");
    EXPECT_TRUE(report.interleaved);
    EXPECT_EQ(report.rounds, 20);
    EXPECT_EQ(report.gated, 2);
    EXPECT_EQ(report.alarms, 0);
    EXPECT_GT(report.relabelled, 100);
    EXPECT_EQ(report.false_alarms_ci95.lo, 0);
    EXPECT_NEAR(report.false_alarms_ci95.hi, 3.689 / report.relabelled, 2e-4);
    ASSERT_EQ(report.cells.size(), 2U);
    EXPECT_NEAR(*report.cells[0].spread, 0.007, 0.003);
    EXPECT_NEAR(*report.detectable(), 0.03, 0.01);
    EXPECT_EQ(report.as_measured, verdict::same);
    EXPECT_NEAR(*report.cells[0].seconds_for_min_effect,
                3.0 * *report.cells[0].rounds_for_min_effect, 1e-9);
}

TEST(self_test, of_one_file_holds_each_round_against_the_next) {
    const self_test_report report = self_test(studied(41), {});
    EXPECT_FALSE(report.interleaved);
    EXPECT_EQ(report.rounds, 20);
    EXPECT_EQ(report.alarms, 0);
    EXPECT_NE(report.caveat, "");
}

TEST(self_test, is_the_same_for_the_same_seed) {
    measurement wild = studied(30);
    for (std::size_t i = 0; i < 30; i += 3) {
        wild.cells[0].trials[i].figure(metric::throughput) *= 0.5;
    }
    comparison_options lax;
    lax.alpha = 0.5;
    lax.min_effect = 0;
    const self_test_report one = self_test(wild, lax, 7), other = self_test(wild, lax, 7);
    EXPECT_EQ(one.alarms, other.alarms);
    // With such an alpha there are alarms, and about as many as it allows or fewer.
    EXPECT_GT(one.alarms, 0);
    EXPECT_LE(one.false_alarms, 0.56);
}

TEST(self_test, looks_at_what_the_gate_would_look_at) {
    measurement file = studied(20);
    for (measured_trial& trial : file.cells[0].trials) {
        trial.figure(metric::cpu) = 5;
    }
    comparison_options asked;
    asked.fail_on = {metric::cpu};
    const self_test_report report = self_test(file, asked);
    ASSERT_EQ(report.cells.size(), 1U);
    EXPECT_EQ(report.cells[0].figure, metric::cpu);
}

TEST(self_test, leaves_out_what_is_too_far_apart_for_a_ratio) {
    measurement file = studied(20);
    for (std::size_t i = 0; i < 20; ++i) {
        file.cells[0].trials[i].figure(metric::throughput) = i % 2 == 0 ? 1e308 : 1e-308;
    }
    const std::string why = "a: throughput: two trials are more than 1e+12 times apart";
    const self_test_report report = self_test(file, {});
    EXPECT_EQ(report.impossible, "");
    ASSERT_EQ(report.cells.size(), 1U);
    EXPECT_EQ(report.cells[0].name, "b");
    EXPECT_EQ(report.left_out, std::vector<std::string>{why});
    file.cells.pop_back();
    EXPECT_EQ(self_test(file, {}).impossible, why);
}

TEST(self_test, says_why_it_is_impossible) {
    EXPECT_NE(self_test(studied(1), {}).impossible, "");
    EXPECT_NE(self_test(studied(3), {}).impossible, "");
    EXPECT_NE(self_test(measurement{}, {}).impossible, "");
    EXPECT_FALSE(self_test(measurement{}, {}).detectable().has_value());
}

}  // namespace
}  // namespace stratbench
