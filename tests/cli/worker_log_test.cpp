// What tasks print, as the user of the real binary sees it.

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/cli/results_in.hpp"
#include "tests/cli/workplace.hpp"
#include "tests/limit.hpp"

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
        EXPECT_TRUE(json::accept(got.out)) << got.out.substr(0, 200);
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

/// Three generations whose trials print more than a pipe holds.
std::string flooding_study(const std::string& strategy) {
    return "run --strategy " + strategy +
           " --workload faults:kind=print --load batch:3000 --workers 2 --rounds 3 "
           "--generations 3 --quick --quiet --report none --out r.json ";
}

/// All was measured, and one line says what became of the log.
void expect_whole_without_log(const workplace& place, const outcome_of_run& got,
                              const std::string& line) {
    EXPECT_EQ(got.exit_code, 1) << got.err;
    EXPECT_EQ(got.err, "stratbench: lines are missing from " + line + "; the results are whole\n");
    const json cell = results_in(place, "r.json")["cells"][0];
    EXPECT_EQ(cell["trials"].size(), 3U);
    EXPECT_EQ(cell["outcomes"]["ok"], 9000);
}

TEST(worker_output, that_the_log_does_not_take_costs_no_result) {
    for (const char* const strategy : {"sync", "pool_map"}) {
        const workplace place;
        expect_whole_without_log(place,
                                 place.run(flooding_study(strategy) + "--worker-log /dev/full"),
                                 "/dev/full: No space left on device");
    }
}

TEST(worker_output, is_cut_off_behind_a_whole_line) {
    const workplace place;
    const outcome_of_run got =
        place.run_prepared([] { test::limit(RLIMIT_FSIZE, 100'001); },
                           flooding_study("sync") + "--worker-log workers.log");
    expect_whole_without_log(
        place, got,
        "workers.log: the limit on the size of a file (RLIMIT_FSIZE, ulimit -f: 100001 bytes) is "
        "reached");
    const std::string log = place.content_of("workers.log");
    EXPECT_GT(log.size(), 1000U);
    EXPECT_TRUE(log.ends_with('\n')) << log.substr(log.size() - 100);
}

TEST(worker_output, is_not_waited_for_where_the_reader_of_its_pipe_has_left) {
    const workplace place;
    expect_whole_without_log(
        place,
        place.shell("mkfifo fp; head -c 100 fp > beginning & exec " + workplace::program() + " " +
                    flooding_study("pool_map") + "--worker-log fp"),
        "fp: Broken pipe");
}

TEST(worker_output, waits_for_a_reader_that_does_not_read_but_not_forever) {
    for (const char* const strategy : {"sync", "pool_map"}) {
        const workplace place;
        expect_whole_without_log(place,
                                 place.shell("mkfifo fp; exec 3<>fp; exec " + workplace::program() +
                                             " " + flooding_study(strategy) + "--worker-log fp"),
                                 "fp: nobody reads it");
    }
}

TEST(worker_output, may_be_standard_output_of_which_somebody_wants_the_first_line) {
    const workplace place;
    const outcome_of_run got =
        place.shell("({ " + workplace::program() + " " + flooding_study("pool_map") +
                    "--worker-log /dev/stdout; echo $? > code; } | head -n 1)");
    EXPECT_EQ(got.err, "");
    EXPECT_TRUE(got.out.starts_with("# pool_map/")) << got.out;
    EXPECT_EQ(place.content_of("code"), "0\n");
}

}  // namespace
}  // namespace stratbench
