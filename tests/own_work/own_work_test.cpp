// A benchmark with work of its own, built by the function that others use, and what becomes of work
// that cannot be measured: one line on standard error, exit 2, no file. The real pair is run.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "tests/built.hpp"
#include "tests/cli/refused.hpp"
#include "tests/cli/results_in.hpp"
#include "tests/cli/workplace.hpp"
#include "tests/limit.hpp"

namespace stratbench {
namespace {

namespace fs = std::filesystem;

const std::string own_bench = test::built("own_bench");

void expect_one_line_of_its(const outcome_of_run& got, const std::string& says) {
    test::expect_one_line(got, says);
    EXPECT_TRUE(got.err.starts_with("own_bench: ")) << got.err;
}

outcome_of_run run_with(const workplace& place, const std::string& workload) {
    return place.run_program(own_bench, "run --strategy sync --workload " + workload);
}

TEST(own_work, is_measured_and_its_answer_checked_in_a_strategy_of_ones_own) {
    const workplace place;
    const outcome_of_run got = place.run_program(
        own_bench,
        "run --workload my_work:n=2000 --strategy sync --strategy thread_per_task "
        "--strategy async_process_pool --load batch:50 --workers 2 --generations 1 --rounds 2 "
        "--report none --json --quiet");
    EXPECT_EQ(got.exit_code, 0) << got.err;
    for (const char* name : {"my_work:n=2000", "thread_per_task", "async_process_pool"}) {
        EXPECT_NE(got.out.find(name), std::string::npos) << name;
    }
    EXPECT_EQ(got.out.find("wrong_result"), std::string::npos);
}

TEST(drawn_sizes, are_the_same_for_every_strategy) {
    const workplace place;
    place.write("drawn.json", R"({"description": "drawn",
        "strategies": ["sync", "pool_map", "async_thread_pool", "process_per_task"],
        "workloads": ["sqrt_values:n=lognormal(p50=200,p99=2000),reply=500B"],
        "loads": ["batch:30"], "workers": [2], "rounds": 1, "show": ["tasks"]})");
    const outcome_of_run got =
        place.run("run --scenario ./drawn.json --quick --report none --quiet --out r.json");
    ASSERT_EQ(got.exit_code, 0) << got.err;
    std::set<std::vector<std::int64_t>> sizes;
    const json results = results_in(place, "r.json");
    for (const json& cell : results["cells"]) {
        std::vector<std::int64_t> of_cell;
        for (const json& each : cell["trials"][0]["tasks"]) {
            of_cell.push_back(each["n"]);
            EXPECT_EQ(each["outcome"], "ok");
        }
        EXPECT_EQ(of_cell.size(), 30U);
        sizes.insert(of_cell);
    }
    ASSERT_EQ(sizes.size(), 1U);
    const std::set<std::int64_t> distinct(sizes.begin()->begin(), sizes.begin()->end());
    EXPECT_GT(distinct.size(), 20U);
}

TEST(growing_sizes, with_a_payload_are_measured_to_the_last_task) {
    const workplace place;
    const outcome_of_run got = place.run(
        "run --workload sqrt_values:n=10,step=1000 --load batch:100 --strategy sync "
        "--strategy pool_map --generations 1 --rounds 2 --report none --quiet");
    EXPECT_EQ(got.exit_code, 0) << got.out << got.err;
}

TEST(own_work, is_listed_beside_what_stratbench_brings) {
    const workplace place;
    const std::string all = place.run_program(own_bench, "list").out;
    for (const char* name : {"my_work", "thread_per_task", "sqrt_log", "pool_map"}) {
        EXPECT_NE(all.find(std::string("\n  ") + name), std::string::npos) << name;
    }
    EXPECT_TRUE(
        place.run_program(own_bench, "--version").out.starts_with("own_bench with stratbench "));
}

TEST(check, finds_the_same_values_in_every_strategy) {
    const workplace place;
    const outcome_of_run got =
        place.run_program(own_bench, "check --workload my_work:n=500,step=3");
    EXPECT_EQ(got.exit_code, 0) << got.out << got.err;
    EXPECT_NE(got.out.find("thread_per_task"), std::string::npos);
    EXPECT_NE(got.out.find("process_per_task"), std::string::npos);
    EXPECT_EQ(got.out.find("WRONG"), std::string::npos);
}

TEST(check, finds_drawn_sizes_payloads_and_replies_whole_in_every_strategy) {
    const workplace place;
    const outcome_of_run got = place.run_program(
        own_bench, "check --workload 'sqrt_values:n=lognormal(p50=300,p99=3000),reply=3001B'");
    EXPECT_EQ(got.exit_code, 0) << got.out << got.err;
    EXPECT_NE(got.out.find("process_per_task"), std::string::npos);
    EXPECT_EQ(got.out.find("WRONG"), std::string::npos) << got.out;
}

TEST(check, names_the_first_value_that_is_wrong_and_ends_with_1) {
    const workplace place;
    const outcome_of_run got = place.run_program(
        own_bench, "check --workload other_result:n=5 --strategy sync --strategy pool_map");
    EXPECT_EQ(got.exit_code, 1);
    EXPECT_NE(got.out.find("WRONG: with 1 worker, task 0 gives 5 instead of 6"), std::string::npos)
        << got.out;
}

TEST(bad_work, that_throws_in_its_reference_is_refused_before_measuring) {
    const workplace place;
    expect_one_line_of_its(
        run_with(place, "bad_reference"),
        "workload 'bad_reference': its reference throws for task 0: no such table");
    EXPECT_TRUE(place.files().empty());
}

TEST(bad_work, that_is_not_deterministic_is_refused_before_measuring) {
    const workplace place;
    expect_one_line_of_its(run_with(place, "never_the_same"),
                           "a result has to follow from the task alone");
    EXPECT_TRUE(place.files().empty());
}

TEST(bad_work, beside_a_worker_of_another_build_is_refused_before_measuring) {
    const workplace place;
    fs::copy(own_bench, place.inside() / "own_bench");
    fs::copy(test::built("stratbench_worker"), place.inside() / "own_bench_worker");
    for (const char* command : {"run --strategy sync --workload my_work:n=10", "check"}) {
        expect_one_line_of_its(place.run_program((place.inside() / "own_bench").string(), command),
                               "own_bench_worker' is of another build than own_bench");
    }
}

TEST(bad_work, beside_a_worker_that_dies_says_of_what) {
    const workplace place;
    fs::copy(own_bench, place.inside() / "own_bench");
    place.write("own_bench_worker", "#!/bin/sh\nkill -9 $$\n");
    fs::permissions(place.inside() / "own_bench_worker", fs::perms::owner_all);
    expect_one_line_of_its(place.run_program((place.inside() / "own_bench").string(), "check"),
                           "own_bench_worker': killed by signal 9");
}

TEST(bad_work, without_its_worker_is_refused_before_measuring) {
    const workplace place;
    fs::copy(own_bench, place.inside() / "own_bench");
    expect_one_line_of_its(place.run_program((place.inside() / "own_bench").string(),
                                             "run --strategy sync --workload my_work:n=10"),
                           "no own_bench_worker beside ");
}

TEST(new_project, is_the_example_and_replaces_nothing) {
    const workplace place;
    EXPECT_EQ(place.run("new fresh").exit_code, 0);
    for (const char* name : {"CMakeLists.txt", "my_work.cpp", "README.md"}) {
        EXPECT_TRUE(fs::exists(place.inside() / "fresh" / name)) << name;
    }
    const outcome_of_run again = place.run("new fresh");
    EXPECT_EQ(again.exit_code, 2);
    EXPECT_NE(again.err.find("'fresh/CMakeLists.txt' is there already"), std::string::npos)
        << again.err;
    place.write("file", "");
    EXPECT_NE(place.run("new file").err.find("'file' is not a folder"), std::string::npos);
}

TEST(new_project, leaves_nothing_of_what_it_cannot_finish) {
    const workplace place;
    // The first file is smaller than the limit, another one is not.
    const auto prepare = [] { test::limit(RLIMIT_FSIZE, 1024); };
    fs::create_directory(place.inside() / "there");
    const outcome_of_run got = place.run_prepared(prepare, "new there/made/project");
    EXPECT_EQ(got.exit_code, 2);
    EXPECT_EQ(std::count(got.err.begin(), got.err.end(), '\n'), 1) << got.err;
    EXPECT_TRUE(fs::is_empty(place.inside() / "there"));
    EXPECT_EQ(place.run("new there/made/project").exit_code, 0);
}

TEST(new_project, takes_a_link_for_a_file_that_is_there) {
    const workplace place;
    fs::create_directory(place.inside() / "linked");
    fs::create_symlink("elsewhere", place.inside() / "linked/my_work.cpp");
    const outcome_of_run got = place.run("new linked");
    EXPECT_EQ(got.exit_code, 2);
    EXPECT_NE(got.err.find("'linked/my_work.cpp' is there already"), std::string::npos) << got.err;
    EXPECT_FALSE(fs::exists(place.inside() / "linked/elsewhere"));
    EXPECT_FALSE(fs::exists(place.inside() / "linked/CMakeLists.txt"));
}

}  // namespace
}  // namespace stratbench
