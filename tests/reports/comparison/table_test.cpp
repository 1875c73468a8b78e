#include "reports/comparison/table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "reports/comparison/wording.hpp"
#include "tests/reports/sample_comparison.hpp"

namespace stratbench {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

compared_metric with(metric what, double ratio, interval ci95) {
    compared_metric m;
    m.figure = what;
    m.ratio = ratio;
    m.ci95 = ci95;
    return m;
}

TEST(comparison_table, slower_is_how_much_longer_a_task_takes_whatever_the_metric) {
    EXPECT_EQ(change_of(with(metric::throughput, 1 / 1.05, {1 / 1.06, 1 / 1.04})),
              "5.0 % slower [4.0, 6.0]");
    EXPECT_EQ(change_of(with(metric::p50, 1.05, {1.04, 1.06})), "5.0 % slower [4.0, 6.0]");
}

TEST(comparison_table, faster_is_how_many_more_tasks_are_done_in_the_same_time) {
    EXPECT_EQ(change_of(with(metric::throughput, 1.05, {1.04, 1.06})), "5.0 % faster [4.0, 6.0]");
    EXPECT_EQ(change_of(with(metric::p99, 1 / 1.05, {1 / 1.06, 1 / 1.04})),
              "5.0 % faster [4.0, 6.0]");
}

TEST(comparison_table, half_the_memory_is_50_percent_less) {
    EXPECT_EQ(change_of(metric::memory, 0.5), "50.0 % less");
    EXPECT_EQ(change_of(metric::cpu, 1.5), "50.0 % more");
    EXPECT_EQ(change_of(metric::startup, 3), "200 % slower");
}

TEST(comparison_table, an_interval_that_holds_no_change_reaches_below_zero) {
    EXPECT_EQ(change_of(with(metric::p50, 1.021, {0.975, 1.067})), "2.1 % slower [-2.5, 6.7]");
}

TEST(comparison_table, a_change_that_would_be_written_as_nothing_has_no_direction) {
    EXPECT_EQ(change_of(metric::p50, 1.0003), "no change");
    EXPECT_EQ(change_of(metric::throughput, 1.0003), "no change");
    EXPECT_EQ(change_of(metric::p50, 1.0006), "0.1 % slower");
}

TEST(comparison_table, a_change_is_short_however_large) {
    EXPECT_EQ(change_of(metric::p50, 1e300), "> 1000000 % slower");
    EXPECT_EQ(change_of(metric::throughput, 1e300), "> 1000000 % faster");
}

TEST(comparison_table, a_single_trial_has_no_interval) {
    EXPECT_EQ(change_of(with(metric::p50, 1.021, {1.021, 1.021})), "2.1 % slower");
}

TEST(comparison_table, names_the_greatest_regression_in_the_line_of_the_verdict) {
    comparison found = sample_comparison();
    EXPECT_EQ(table_of(found).verdict,
              "1 of 6 regressed: sync/sqrt_log:n=300000/batch:100/workers:2, throughput: "
              "5.1 % slower [4.2, 6.0]");
    compared_metric& other = found.cells[1].metrics[0];
    other.result = verdict::regressed;
    other.ratio = 0.8;
    other.ci95 = {0.75, 0.85};
    EXPECT_THAT(table_of(found).verdict, HasSubstr("2 of 6 regressed, most: pool_map/"));
}

TEST(comparison_table, says_so_where_nothing_changed_or_the_gate_sees_nothing) {
    comparison found = sample_same_comparison();
    EXPECT_EQ(table_of(found).verdict, "same: all 2 are shown to differ by less than 3.0 %");
    found.gated = 0;
    for (compared_cell& cell : found.cells) {
        for (compared_metric& m : cell.metrics) {
            m.gated = false;
        }
    }
    EXPECT_EQ(table_of(found).verdict,
              "inconclusive: there is nothing that the gate could look at");
}

TEST(comparison_table, puts_what_the_gate_saw_before_what_it_did_not_look_at) {
    const comparison found = sample_comparison();
    std::vector<std::string> result;
    for (const auto& row : table_of(found).notable) {
        result.push_back(row.result + " " + row.metric +
                         (row.note.starts_with("not gated") ? "*" : ""));
    }
    EXPECT_THAT(result,
                ElementsAre("regressed throughput", "not compared throughput", "inconclusive p50",
                            "improved throughput", "regressed cpu*", "regressed p99*"));
}

TEST(comparison_table, a_cell_that_lost_the_gates_figure_is_seen_beside_its_other_figures) {
    comparison found = sample_same_comparison();
    found.cells[0].metrics.erase(found.cells[0].metrics.begin());
    found.cells[0].lost = true;
    const auto table = table_of(found);
    ASSERT_EQ(table.notable.size(), 1u);
    EXPECT_EQ(table.notable[0].result, "not compared");
    EXPECT_THAT(table.verdict, HasSubstr("1 cell without a figure"));
}

TEST(comparison_table, shows_what_is_left_beside_the_control_and_that_the_control_has_moved) {
    comparison found = sample_unpaired_comparison();
    found.cells[0].is_control = true;
    found.cells[0].metrics[0].control_moved = true;
    found.cells[1].metrics[0].beside_control = relative_change{1.01, {0.99, 1.03}};
    const comparison_table table = table_of(found);
    EXPECT_THAT(rows_of(found.cells[0])[0].note, HasSubstr("the control itself has moved"));
    EXPECT_THAT(rows_of(found.cells[1])[0].note,
                HasSubstr("beside the control: 1.0 % faster [-1.0, 3.0]"));
    EXPECT_EQ(table.footer[1],
              "control: sync/sqrt_log:n=300000/batch:100/workers:2 is 5.1 % slower [4.2, 6.0]: the "
              "machine or the work itself has changed; no verdict rests on what is beside it");
    found.cells[0].metrics[0].control_moved = false;
    EXPECT_EQ(table_of(found).footer[1],
              "control: sync/sqrt_log:n=300000/batch:100/workers:2; no verdict rests on what is "
              "beside it");
}

TEST(comparison_table, rounds_that_cannot_decide_are_said_in_the_footer) {
    comparison found = sample_comparison();
    EXPECT_EQ(table_of(found).footer[0], "15 generations, both in turns");
    found.rounds_needed = 16;
    EXPECT_EQ(table_of(found).footer[0],
              "15 generations, both in turns; too few: to decide 6 comparisons takes 16");
}

}  // namespace
}  // namespace stratbench
