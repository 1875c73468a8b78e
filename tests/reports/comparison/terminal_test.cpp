#include "reports/comparison/terminal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/reports/sample_comparison.hpp"
#include "tests/reports/text_of_lines.hpp"

namespace stratbench {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(terminal_comparison, is_this_for_the_sample) {
    EXPECT_EQ(
        terminal_comparison(sample_comparison(), false, 140),
        R"(1 of 6 regressed: sync/sqrt_log:n=300000/batch:100/workers:2, throughput: 5.1 % slower [4.2, 6.0]

cell                                                            metric         base      new  change                      verdict
sync/sqrt_log:n=300000/batch:100/workers:2                      throughput    960/s    914/s  5.1 % slower [4.2, 6.0]     regressed
  ^ confirmed by 15 fresh generations: 4.9 % slower
process_per_task/sqrt_log:n=300000/batch:100/workers:2          throughput                                                not compared
  ^ failed in new.json: 3 tasks missing after 2.5 s
async_process_pool/sqrt_log:n=300000/poisson:500%2Fs/workers:2  p50         2.31 ms  2.36 ms  2.1 % slower [-2.5, 6.7]    inconclusive
  ^ the interval reaches from 2.5 % better to 6.7 % worse; so many generations see 8.2 % or more; 34 more generations would decide it
pool_map/sqrt_log:n=300000/batch:100/workers:2                  throughput  1.84k/s  2.07k/s  12.4 % faster [11.3, 13.5]  improved
sync/sqrt_log:n=300000/batch:100/workers:2                      cpu         1.04 ms  1.09 ms  5.0 % more [4.4, 5.6]       regressed
  ^ not gated
async_process_pool/sqrt_log:n=300000/poisson:500%2Fs/workers:2  p99         9.70 ms  12.7 ms  31.0 % slower [24.4, 37.6]  regressed
  ^ not gated
5 more figures, 4 of them the same

15 generations, both in turns
smallest change that these generations see four times in five: 8.2 % (in the steadiest cell 1.8 %)
alpha 1.0 % for all 6 together; changes below 3.0 % do not count
base: base.json, revision 0123abc, measured 2024-05-14T09:26:53Z
new: new.json, revision 4567def, measured 2024-05-14T09:26:53Z
only in the base: pool_per_task/sqrt_log:n=300000/batch:100/workers:2
only in the new one: pool_map:chunk=4/sqrt_log:n=300000/batch:100/workers:2
)");
}

TEST(terminal_comparison, keeps_within_the_width_with_names_on_their_own_lines_and_fewer_columns) {
    const comparison found = sample_comparison();
    const std::string at_100 = terminal_comparison(found, false, 100);
    EXPECT_LE(widest_line(at_100), 100u);
    EXPECT_THAT(at_100, HasSubstr("\nsync/sqrt_log:n=300000/batch:100/workers:2\n"));
    EXPECT_THAT(at_100, HasSubstr("2.31 ms"));
    const std::string at_64 = terminal_comparison(found, false, 64);
    EXPECT_LE(widest_line(at_64), 64u);
    EXPECT_THAT(at_64, Not(HasSubstr("2.31 ms")));
    EXPECT_THAT(at_64, HasSubstr("[-2.5, 6.7]"));
}

TEST(terminal_comparison, shows_differences_of_the_environment_and_marks_what_is_unconfirmed) {
    const std::string text = terminal_comparison(sample_unpaired_comparison(), false, 140);
    EXPECT_THAT(text, HasSubstr("\ndiffers: cpu model: Example CPU @ 2.50GHz -> Example CPU @ "
                                "3.10GHz\ndiffers: sync/"));
    EXPECT_THAT(text, HasSubstr("improved\n  ^ unconfirmed: not measured in turns\n"));
    EXPECT_THAT(text, HasSubstr("15 generations and 12, not in turns"));
}

TEST(terminal_comparison, of_what_is_the_same_has_no_table) {
    const std::string text = terminal_comparison(sample_same_comparison(), false);
    EXPECT_THAT(text, StartsWith("same: all 2 are shown to differ by less than 3.0 %\n\n"
                                 "3 more figures, 3 of them the same\n"));
}

TEST(terminal_comparison, has_escape_sequences_only_when_colour_is_asked_for) {
    EXPECT_THAT(terminal_comparison(sample_comparison(), false), Not(HasSubstr("\x1b")));
    EXPECT_THAT(terminal_comparison(sample_comparison(), true),
                AllOf(HasSubstr("\x1b[31m1 of 6"), HasSubstr("\x1b[32mimproved"),
                      HasSubstr("\x1b[33minconclusive")));
}

TEST(terminal_comparison, lets_no_control_character_of_a_file_through) {
    // Names in a column, and on lines of their own.
    for (const int width : {2000, 80}) {
        const std::string text = terminal_comparison(hostile_comparison(), false, width);
        for (const char* control : {"\x1b", "\x01", "\r", "\xc2\x9b"}) {
            EXPECT_THAT(text, Not(HasSubstr(control))) << width;
        }
    }
}

}  // namespace
}  // namespace stratbench
