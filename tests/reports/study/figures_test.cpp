#include "reports/study/figures.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "harness/judge/ranking.hpp"
#include "tests/reports/sample_study.hpp"

namespace stratbench {
namespace {

using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;

/// The row of that title in the study's last group; empty where there is none.
std::vector<std::string> row(const study_results& study, const std::string& section,
                             const std::string& title) {
    const auto tables = tables_of(rank(study));
    const figure_table figures = figures_of(tables.back(), study.machine);
    for (const auto& s : figures.sections) {
        for (const auto& r : s.rows) {
            if (s.title.starts_with(section) && r.title == title) {
                EXPECT_EQ(r.figures.size(), figures.cells.size());
                return r.figures;
            }
        }
    }
    return {};
}

TEST(figures, have_every_percentile_and_mark_each_that_is_a_bound) {
    const study_results study = sample_study();
    for (const char* title : {"p50", "p90", "p99", "p99.9", "max"}) {
        EXPECT_THAT(row(study, "latency", title), Contains("> 400 ms")) << title;
    }
    EXPECT_THAT(row(study, "service", "max"), Each(testing::Not(HasSubstr(">"))));
}

TEST(figures, show_the_front_end_the_tree_and_the_harness) {
    const study_results study = sample_study();
    for (const char* title : {"blocked", "longest stall", "worst lag of the loop",
                              "pacing error, p50", "pacing error, p90", "pacing error, p99"}) {
        EXPECT_FALSE(row(study, "front end", title).empty()) << title;
    }
    for (const char* title : {"user, each trial", "system, each trial", "context switches/task",
                              "page faults/task", "migrations/task"}) {
        EXPECT_FALSE(row(study, "CPU", title).empty()) << title;
    }
    for (const char* title : {"processes", "threads", "descriptors", "memory", "start-up"}) {
        EXPECT_FALSE(row(study, "peak", title).empty()) << title;
    }
    EXPECT_THAT(row(study, "harness", "tasks stamped"), Each("1 in 16"));
    // 90 ns and a sixteenth of 55 ns, of 21 us.
    EXPECT_THAT(row(study, "harness", "its cost, of a task"), Contains("0.4 %"));
}

TEST(figures, that_a_machine_cannot_give_are_shown_absent_with_the_reason) {
    study_results study = sample_study();
    EXPECT_THAT(row(study, "CPU", "energy/task"), Each("-"));
    const auto tables = tables_of(rank(study));
    EXPECT_THAT(figures_of(tables.back(), study.machine).absent,
                ElementsAre(HasSubstr("instructions/cycle: this machine offers no"),
                            HasSubstr("energy/task: no RAPL")));
    study.machine.energy_absent.clear();
    EXPECT_TRUE(row(study, "CPU", "energy/task").empty()) << "no figure and no reason";
}

TEST(figures, of_a_batch_have_no_latency) {
    const study_results study = sample_study();
    const auto tables = tables_of(rank(study));
    EXPECT_EQ(figures_of(tables.front(), study.machine).sections.front().title, "front end");
}

}  // namespace
}  // namespace stratbench
