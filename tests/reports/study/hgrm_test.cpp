#include "reports/study/hgrm.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "tests/reports/sample_study.hpp"

namespace stratbench {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

// tests/browser/histograms.test.js holds whole distributions against hdr-histogram-js.

TEST(hgrm, of_one_value_has_its_columns_and_footer) {
    histogram h;
    h.record(1000, 2);
    EXPECT_EQ(hgrm(h),
              "       Value     Percentile TotalCount 1/(1-Percentile)\n\n"
              "       1.000 0.000000000000          2           1.00\n"
              "       1.000 1.000000000000          2\n"
              "#[Mean    =        1.000, StdDeviation   =        0.000]\n"
              "#[Max     =        1.000, Total count    =            2]\n"
              "#[Buckets =           32, SubBuckets     =         2048]\n");
}

TEST(hgrm, divides_values_by_the_unit_and_rounds_halves_up) {
    histogram h;
    h.record(1234);
    h.record(1999);
    EXPECT_THAT(hgrm(h, 1), HasSubstr("\n    1234.000 0.0"));
    EXPECT_THAT(hgrm(h, 1e5), HasSubstr("\n       0.012 0.0"));
    EXPECT_THAT(hgrm(h, 2e3), HasSubstr("\n       1.000 1.0")) << "0.9995";
}

TEST(hgrm, takes_finer_steps_towards_the_end) {
    histogram h;
    for (int i = 1; i <= 1000; ++i) {
        h.record(i);
    }
    const std::string two = hgrm(h, 1, 2);
    EXPECT_THAT(two, HasSubstr(" 0.250000000000        250           1.33\n"));
    EXPECT_THAT(two, HasSubstr(" 0.625000000000        625           2.67\n"));
    EXPECT_THAT(two, Not(HasSubstr(" 0.100000000000 ")));
    EXPECT_THAT(hgrm(h), HasSubstr(" 0.100000000000        100           1.11\n"));
}

TEST(hgrm, of_nothing_has_no_lines_and_ends) {
    EXPECT_THAT(hgrm(histogram()), HasSubstr("Total count    =            0]"));
}

TEST(hgrm, of_more_values_than_a_double_can_tell_apart_ends) {
    histogram h;
    h.record(1, std::uint64_t{1} << 63);
    h.record(2);
    EXPECT_THAT(hgrm(h), HasSubstr("Total count"));
}

TEST(hgrm_files, are_there_for_latencies_and_service_times_and_say_what_is_a_bound) {
    const study_results study = sample_study();
    std::size_t wanted = 0;
    for (const cell_result& c : study.cells) {
        wanted += c.summary.latency_ns.has_value() + c.summary.service_ns.has_value();
    }
    const auto files = hgrm_files(study);
    EXPECT_GT(wanted, 0u);
    EXPECT_EQ(files.size(), wanted);
    int with_bounds = 0;
    for (const auto& [name, text] : files) {
        with_bounds += text.find(" of the values are lower bounds") != std::string::npos;
    }
    EXPECT_EQ(with_bounds, 1) << "one cell is saturated, and only its latency is a bound";
}

TEST(hgrm_files, have_safe_names_of_their_own_whatever_a_cell_is_called) {
    std::set<std::string> names;
    for (const auto& file : hgrm_files(hostile_study())) {
        EXPECT_THAT(file.first, MatchesRegex("[0-9]+-[A-Za-z0-9._-]+\\.(latency|service)\\.hgrm"));
        EXPECT_LT(file.first.size(), 250u);
        names.insert(file.first);
    }
    EXPECT_EQ(names.size(), hgrm_files(hostile_study()).size());
}

}  // namespace
}  // namespace stratbench
