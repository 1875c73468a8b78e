// What tasks print, as the user of the real binary sees it.

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/cli/workplace.hpp"

namespace stratbench {
namespace {

/// Each of twenty tasks prints two whole lines and one unfinished to both streams.
std::string printing_study(const std::string& strategy) {
    return "run --strategy " + strategy +
           " --workload faults:kind=print --load batch:20 --workers 2 --rounds 1 --quick "
           "--report none ";
}

std::vector<std::string> lines_with(const std::string& text, const std::string& part) {
    std::vector<std::string> found;
    std::istringstream all(text);
    for (std::string line; std::getline(all, line);) {
        if (line.find(part) != std::string::npos) {
            found.push_back(line);
        }
    }
    return found;
}

/// Every line of a task is whole and under its own label.
void expect_labelled(const std::string& text, const std::string& strategy) {
    const std::vector<std::string> lines = lines_with(text, " prints a line");
    EXPECT_EQ(lines.size(), 40U);
    for (const std::string& line : lines) {
        const std::size_t end = line.find("] ");
        ASSERT_NE(end, std::string::npos) << line;
        const std::string label = line.substr(0, end);
        EXPECT_TRUE(label.starts_with("[" + strategy + " ")) << line;
        const std::size_t task = label.rfind("task ");
        ASSERT_NE(task, std::string::npos) << line;
        EXPECT_EQ(line.substr(end + 2), label.substr(task) + " prints a line");
    }
    for (const std::string& line : lines_with(text, "ends amid a")) {
        EXPECT_TRUE(line.starts_with("[" + strategy) && line.ends_with("] and ends amid a"))
            << line;
    }
}

TEST(worker_output, is_labelled_on_standard_error_and_leaves_standard_output_alone) {
    for (const char* const strategy : {"pool_map", "process_per_task"}) {
        const workplace place;
        const outcome_of_run got = place.run(printing_study(strategy) + "--json");
        EXPECT_EQ(got.exit_code, 0) << got.err;
        EXPECT_TRUE(nlohmann::json::accept(got.out)) << got.out.substr(0, 200);
        expect_labelled(got.err, strategy);
    }
}

TEST(worker_output, goes_to_the_log_that_was_asked_for_under_a_heading_for_each_trial) {
    const workplace place;
    const outcome_of_run got =
        place.run(printing_study("async_process_pool") + "--worker-log workers.log");
    EXPECT_EQ(got.exit_code, 0) << got.err;
    EXPECT_TRUE(lines_with(got.err, "prints").empty()) << got.err;
    const std::string log = place.content_of("workers.log");
    EXPECT_TRUE(log.starts_with("# async_process_pool/faults:kind=print/batch:20/workers:2"))
        << log.substr(0, 200);
    EXPECT_EQ(lines_with(log, "# ").size(), 1U);
    expect_labelled(log, "async_process_pool");
}

TEST(worker_output, of_tasks_in_the_trials_own_process_is_in_the_log_as_well) {
    const workplace place;
    EXPECT_EQ(place.run(printing_study("sync") + "--worker-log workers.log --quiet").err, "");
    EXPECT_EQ(lines_with(place.content_of("workers.log"), "prints a line").size(), 40U);
}

TEST(worker_output, says_why_a_task_failed_whoever_executed_it) {
    for (const char* const strategy : {"sync", "async_thread_pool", "apply_async"}) {
        const workplace place;
        const outcome_of_run got =
            place.run("run --strategy " + std::string(strategy) +
                      " --workload faults:kind=throw --load batch:3 --workers 1 --rounds 1 --quick "
                      "--report none --worker-log workers.log");
        const auto lines = lines_with(place.content_of("workers.log"), "task failed");
        ASSERT_EQ(lines.size(), 3U) << got.err;
        EXPECT_TRUE(lines[0].starts_with(std::string("[").append(strategy) + " ")) << lines[0];
        EXPECT_TRUE(lines[0].ends_with("task 0] task failed: this task throws")) << lines[0];
    }
}

TEST(worker_output, refuses_a_log_that_cannot_be_written_before_anything_is_measured) {
    const workplace place;
    const outcome_of_run got = place.run(printing_study("sync") + "--worker-log no/such/file");
    EXPECT_EQ(got.exit_code, 2);
    EXPECT_EQ(got.out, "");
    EXPECT_NE(got.err.find("no/such/file"), std::string::npos) << got.err;
    EXPECT_EQ(got.err.find('\n'), got.err.size() - 1) << "one line";
    EXPECT_EQ(place.files(), std::vector<std::string>{});
}

}  // namespace
}  // namespace stratbench
