// What `report` makes of a results file. The real binary is run.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/cli/workplace.hpp"

namespace stratbench {
namespace {

/// A results file of a trial of milliseconds.
void measure(const workplace& place) {
    ASSERT_EQ(place
                  .run("run --strategy sync --workload sum_range:n=1000 --load batch:20 "
                       "--rounds 1 --quick --out r.json --report none --quiet")
                  .exit_code,
              0);
}

TEST(report, without_an_output_prints_the_table) {
    const workplace place;
    measure(place);
    const outcome_of_run got = place.run("report r.json");
    EXPECT_EQ(got.exit_code, 0) << got.err;
    EXPECT_NE(got.out.find("sync"), std::string::npos);
    EXPECT_EQ(place.files(), std::vector<std::string>{"r.json"});
}

TEST(report, writes_a_distribution_for_each_cell_and_the_page_and_prints_nothing) {
    const workplace place;
    measure(place);
    const outcome_of_run got = place.run("report r.json --hgrm a/b --html page.html");
    EXPECT_EQ(got.exit_code, 0);
    EXPECT_EQ(got.out + got.err, "");
    EXPECT_EQ(place.files(), (std::vector<std::string>{"a", "page.html", "r.json"}));
    const std::string text =
        place.content_of("a/b/000-sync-sum_range-n-1000-batch-20-1.service.hgrm");
    EXPECT_NE(text.find("Total count    =           20]"), std::string::npos) << text;
}

TEST(report, writes_every_file_for_other_tools_that_is_asked_for_and_prints_nothing) {
    const workplace place;
    measure(place);
    const outcome_of_run got =
        place.run("report r.json --csv t.csv --gbench one.json --github gh.json --bmf bmf.json");
    EXPECT_EQ(got.exit_code, 0);
    EXPECT_EQ(got.out + got.err, "");
    EXPECT_EQ(place.files(),
              (std::vector<std::string>{"bmf.json", "gh.json", "one.json", "r.json", "t.csv"}));
    EXPECT_NE(place.content_of("t.csv").find("\r\n"), std::string::npos);
    EXPECT_NE(place.content_of("one.json").find("\"benchmarks\""), std::string::npos);
    EXPECT_NE(place.content_of("gh.json").find("ns/task"), std::string::npos);
    EXPECT_NE(place.content_of("bmf.json").find("\"throughput\""), std::string::npos);
}

TEST(report, writes_none_of_its_files_where_one_cannot_be_written) {
    const workplace place;
    measure(place);
    const outcome_of_run got = place.run("report r.json --csv t.csv --bmf nowhere/bmf.json");
    EXPECT_EQ(got.exit_code, 2);
    EXPECT_EQ(std::count(got.err.begin(), got.err.end(), '\n'), 1) << got.err;
    EXPECT_EQ(place.files(), std::vector<std::string>{"r.json"});
}

TEST(report, writes_what_it_can_where_the_disk_is_full_for_something_else) {
    const workplace place;
    measure(place);
    const outcome_of_run got = place.run("report r.json --html /dev/full --csv t.csv");
    EXPECT_EQ(got.exit_code, 2);
    EXPECT_EQ(got.err, "stratbench: /dev/full: cannot be written: No space left on device\n");
    EXPECT_FALSE(place.content_of("t.csv").empty());
}

TEST(report, a_folder_that_cannot_be_made_is_one_line_and_exit_2) {
    const workplace place;
    measure(place);
    for (const char* folder : {"r.json", "./r.json", "r.json/x", "/proc/x", "-", "''"}) {
        const outcome_of_run got = place.run(std::string("report r.json --hgrm ") + folder);
        EXPECT_EQ(got.exit_code, 2) << folder;
        EXPECT_EQ(got.out, "");
        EXPECT_EQ(std::count(got.err.begin(), got.err.end(), '\n'), 1) << got.err;
        EXPECT_NE(got.err.find(*folder == '\'' ? "--hgrm" : folder), std::string::npos) << got.err;
    }
    EXPECT_EQ(place.run("report r.json --hgrm none").exit_code, 0);
    EXPECT_EQ(place.files(), std::vector<std::string>{"r.json"});
}

TEST(report, no_other_output_is_its_folder_or_a_file_in_it) {
    const workplace place;
    measure(place);
    for (const char* csv : {"a", "./a", "a/000-sync-sum_range-n-1000-batch-20-1.service.hgrm"}) {
        if (std::string(csv).find('/') == 1) {
            ASSERT_EQ(place.shell("mkdir -p a").exit_code, 0);
        }
        const outcome_of_run got =
            place.run("report r.json --hgrm a --csv '" + std::string(csv) + "'");
        EXPECT_EQ(got.exit_code, 2) << csv;
        EXPECT_EQ(got.out, "");
        EXPECT_EQ(std::count(got.err.begin(), got.err.end(), '\n'), 1) << got.err;
        EXPECT_EQ(place.content_of("a/000-sync-sum_range-n-1000-batch-20-1.service.hgrm"), "");
    }
}

}  // namespace
}  // namespace stratbench
