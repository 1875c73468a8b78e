#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "reports/comparison/self_test.hpp"
#include "tests/reports/text_of_lines.hpp"

namespace stratbench {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

self_test_report sample_self_test() {
    self_test_report found;
    found.interleaved = true;
    found.rounds = 24;
    found.gated = 2;
    found.measuring_s = 60;
    found.rounds_needed = 9;
    found.as_measured = verdict::same;
    found.relabelled = 1000;
    found.alarms = 4;
    found.false_alarms = 0.004;
    found.false_alarms_ci95 = {0.0011, 0.0102};
    found.caveat = "all use the same pairs";
    found.cells = {{"sync/noop/batch:100/workers:1/real_time",
                    metric::throughput,
                    1.002,
                    {0.995, 1.009},
                    0.016,
                    0.024,
                    18,
                    45.0},
                   {"async\x1b/noop/batch:100/workers:2/real_time",
                    metric::throughput,
                    0.99,
                    {0.96, 1.02},
                    0.05,
                    0.071,
                    120,
                    300.0}};
    return found;
}

TEST(terminal_self_test, says_first_what_would_be_found_and_how_often_it_cries_wolf) {
    EXPECT_THAT(
        terminal_self_test(sample_self_test(), false),
        StartsWith("24 pairs of generations in 60.0 s see a slowdown of 7.1 % or more four times "
                   "in five\nfalse alarms: 4 of 1000 comparisons of the build with itself, "
                   "0.4 % [0.1 %, 1.0 %]; asked "
                   "for at\n  most 1.0 %\n"));
}

TEST(terminal_self_test, says_for_each_cell_what_would_see_the_smallest_change_that_matters) {
    const std::string text = terminal_self_test(sample_self_test(), false, 140);
    EXPECT_THAT(
        text,
        HasSubstr("\nsync/noop/batch:100/workers:1/real_time\n  throughput: 0.2 % "
                  "faster [-0.5, 0.9]; generations differ by 1.6 %; sees 2.4 % or more; to see "
                  "3.0 % takes 18 generations, 45.0 s\n"));
    EXPECT_THAT(text, HasSubstr("all use the same pairs"));
}

TEST(terminal_self_test, too_few_rounds_are_said_instead_of_an_effect) {
    self_test_report found = sample_self_test();
    found.rounds_needed = 30;
    EXPECT_THAT(
        terminal_self_test(found, false),
        StartsWith("24 pairs of generations in 60.0 s cannot decide 2 comparisons: use 30\n"));
    found.impossible = "a self-test needs four rounds or more";
    EXPECT_EQ(terminal_self_test(found, false), "a self-test needs four rounds or more\n");
}

TEST(terminal_self_test, of_a_machine_that_sees_not_even_twice_the_time_says_so) {
    self_test_report found = sample_self_test();
    for (self_test_report::cell& cell : found.cells) {
        cell.detectable = 14.8;
    }
    const std::string text = terminal_self_test(found, false, 140);
    EXPECT_THAT(text,
                StartsWith("24 pairs of generations in 60.0 s see nothing below 100 %: no gate "
                           "can stand on them\n"));
    EXPECT_THAT(text, HasSubstr("; sees nothing below 100 %; to see"));
    EXPECT_THAT(text, Not(HasSubstr("1480")));
}

TEST(terminal_self_test, keeps_within_the_width_and_lets_no_control_character_through) {
    const std::string text = terminal_self_test(sample_self_test(), false, 72);
    EXPECT_LE(widest_line(text), 72u);
    EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace stratbench
