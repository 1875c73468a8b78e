// What `run` leaves behind when it works, fails or is interrupted. The real binary is run.

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/plan/build_plan.hpp"
#include "tests/cli/results_in.hpp"
#include "tests/cli/workplace.hpp"

namespace stratbench {
namespace {

/// Two cells whose trials take milliseconds.
constexpr const char* small_study =
    "run --strategy sync --strategy async_thread_pool --workload sum_range:n=1000 --load batch:20 "
    "--workers 2 --rounds 2 --quick ";

json read(const workplace& place, const std::string& name) {
    return json::parse(std::ifstream(place.inside() / name));
}

TEST(run, writes_results_and_report_and_prints_a_table) {
    const workplace place;
    const outcome_of_run got = place.run(small_study);
    EXPECT_EQ(got.exit_code, 0) << got.err;
    EXPECT_NE(got.out.find("async_thread_pool"), std::string::npos);
    EXPECT_EQ(place.files(), (std::vector<std::string>{"report.html", "results.json"}));
    EXPECT_EQ(read(place, "results.json")["stratbench"]["cells"].size(), 2U);
}

TEST(run, plays_a_trace_with_the_sizes_that_were_recorded_in_it) {
    const workplace place;
    place.write("requests.csv", "time,size\n0,100\n0,7\n0.01,3\n");
    place.write("study.json", R"({"strategies": ["sync", "async_process_pool"], "show": ["tasks"],)"
                              R"s( "workloads": ["sum_range:n=trace(file=requests.csv)"],)s"
                              R"( "loads": ["trace:requests.csv"]})");
    const outcome_of_run got =
        place.run("run --scenario study.json --workers 2 --rounds 1 --quick --report none");
    EXPECT_EQ(got.exit_code, 0) << got.out << got.err;
    const json results = results_in(place);
    ASSERT_EQ(results["cells"].size(), 2U);
    for (const json& cell : results["cells"]) {
        ASSERT_EQ(cell["status"], "ok") << cell["reason"];
        const json& tasks = cell["trials"][0]["tasks"];
        ASSERT_EQ(tasks.size(), 3U);
        EXPECT_EQ(tasks[0]["value"], "5050");
        EXPECT_EQ(tasks[1]["value"], "28");
        EXPECT_EQ(tasks[2]["value"], "6");
    }
    const std::string again = "run --plan results.json --out again.json --report none --quiet";
    EXPECT_EQ(place.run(again).exit_code, 0);
    place.write("requests.csv", "time,size\n0,100\n0,7\n0.01,4\n");
    const outcome_of_run changed = place.run(again);
    EXPECT_EQ(changed.exit_code, 2);
    EXPECT_NE(changed.err.find("requests.csv': has changed since the plan was made"),
              std::string::npos)
        << changed.err;
}

TEST(run, none_writes_no_file_and_quiet_prints_nothing) {
    const workplace place;
    const outcome_of_run got =
        place.run(std::string(small_study) + "--out none --report none --quiet");
    EXPECT_EQ(got.exit_code, 0);
    EXPECT_EQ(got.out + got.err, "");
    EXPECT_EQ(place.files(), std::vector<std::string>{});
}

TEST(run, json_is_the_results_file_on_standard_output) {
    const workplace place;
    const outcome_of_run got = place.run(std::string(small_study) + "--report none --json");
    EXPECT_EQ(json::parse(got.out), read(place, "results.json"));
}

TEST(run, a_plan_gives_the_same_frozen_cells_again) {
    const workplace place;
    ASSERT_EQ(place
                  .run("run --strategy sync --workload sum_range:duration=50us --load batch "
                       "--load poisson:80%sync --rounds 1 --quick --out base.json --report none")
                  .exit_code,
              0);
    ASSERT_EQ(place.run("run --plan base.json --rounds 2 --out new.json --report none").exit_code,
              0);
    const json base = read(place, "base.json")["stratbench"]["plan"];
    const json again = read(place, "new.json")["stratbench"]["plan"];
    EXPECT_EQ(base["cells"], again["cells"]);
    EXPECT_EQ(base["seed"], again["seed"]);
    EXPECT_EQ(again["rounds"], 2);
}

TEST(run, measures_what_each_strategy_can_do_once_for_a_rate_in_own_and_freezes_it) {
    const workplace place;
    const outcome_of_run got = place.run(
        "run --strategy sync --strategy pool_map --workload sum_range:n=20000 --load "
        "constant:50%own --workers 2 --rounds 2 --quick --report none");
    EXPECT_EQ(got.exit_code, 0) << got.err;
    EXPECT_NE(got.err.find("capacity of sync with sum_range:n=20000 and 1 worker: "),
              std::string::npos)
        << got.err;
    EXPECT_NE(got.err.find("capacity of pool_map"), std::string::npos) << got.err;
    EXPECT_NE(got.out.find("no answer: each strategy has a rate of its own"), std::string::npos);
    const json cells = read(place, "results.json")["stratbench"]["plan"]["cells"];
    ASSERT_EQ(cells.size(), 2U);
    for (const json& c : cells) {
        EXPECT_GT(c["load"]["rate_per_s"], 0);
    }
    EXPECT_EQ(
        place.run("run --plan results.json --rounds 1 --out new.json --report none --quiet").err,
        "")
        << "nothing is measured again";
    EXPECT_EQ(read(place, "new.json")["stratbench"]["plan"]["cells"], cells);
}

TEST(run, ends_when_its_budget_is_spent_and_says_so) {
    const workplace place;
    const std::string cells = "--strategy sync --workload sum_range:n=20000 --load batch:10 ";
    ASSERT_EQ(place.run("run " + cells + "--budget 1ms --report none --quiet").exit_code, 0);
    const json spent = read(place, "results.json")["stratbench"];
    EXPECT_EQ(spent["study"]["ended_by"], "budget");
    EXPECT_EQ(spent["cells"][0]["trials"].size(), 1U) << "a study has one round at least";

    // Every precision is reached, but nobody asks before the tenth round.
    ASSERT_EQ(place
                  .run("run --plan results.json --precision 100% --out new.json --report none "
                       "--quiet")
                  .exit_code,
              0);
    const json precise = read(place, "new.json")["stratbench"];
    EXPECT_EQ(precise["study"]["ended_by"], "precision");
    EXPECT_GE(precise["cells"][0]["trials"].size(), 10U);
}

TEST(run, a_closed_load_is_ranked_by_throughput_and_its_latency_is_labelled) {
    const workplace place;
    const outcome_of_run got = place.run(
        "run --strategy sync --strategy pool_map --workload sum_range:n=20000 --load closed:4 "
        "--workers 2 --rounds 2 --quick --report none");
    EXPECT_EQ(got.exit_code, 0) << got.err;
    EXPECT_NE(got.out.find("throughput: "), std::string::npos) << got.out;
    EXPECT_EQ(got.out.find("latency: "), std::string::npos) << got.out;
    EXPECT_NE(got.out.find("closed_load"), std::string::npos) << got.out;
}

TEST(run, the_same_seed_gives_the_same_plan) {
    const workplace place;
    ASSERT_EQ(place.run(std::string(small_study) + "--seed 7 --report none").exit_code, 0);
    EXPECT_EQ(read(place, "results.json")["stratbench"]["plan"]["seed"], 7);
}

TEST(run, options_override_a_scenario) {
    const workplace place;
    const outcome_of_run got = place.run(
        "run --scenario map_range --workload sum_range:n=3,step=1 --benchmark_list_tests");
    EXPECT_EQ(got.out, "pool_map/sum_range:n=3,step=1/batch:100/workers:4/real_time\n");
}

TEST(run, a_scenario_runs_and_shows_its_tasks) {
    const workplace place;
    const outcome_of_run got = place.run("run --scenario request_burst --report none");
    EXPECT_EQ(got.exit_code, 0) << got.err;
    EXPECT_NE(got.out.find("75676061.2758"), std::string::npos) << got.out;
}

TEST(run, interrupted_keeps_its_finished_rounds_and_leaves_no_process) {
    const workplace place;
    const outcome_of_run got = place.run_until(
        [&] { return !place.content_of("results.json").empty(); }, SIGINT,  // after a round
        "run --strategy process_per_task --strategy async_process_pool --workload sum_range:n=1000 "
        "--load batch:50 --workers 2 --rounds 10000 --quick");
    EXPECT_EQ(got.exit_code, 130) << got.err;
    EXPECT_EQ(place.files(), (std::vector<std::string>{"report.html", "results.json"}));
    const json results = read(place, "results.json")["stratbench"];
    EXPECT_EQ(results["study"]["ended_by"], "interruption");
    EXPECT_GE(results["cells"][0]["trials"].size(), 1U);
    EXPECT_EQ(results["cells"][0]["trials"].size(), results["cells"][1]["trials"].size());
    EXPECT_EQ(place.processes_inside(), 0);
}

TEST(run, strict_about_the_environment_measures_nothing_where_the_machine_warns) {
    int randomised = 0;
    std::ifstream("/proc/sys/kernel/randomize_va_space") >> randomised;
    if (randomised == 0) {
        GTEST_SKIP() << "this machine has nothing that two rounds warn about";
    }
    const workplace place;
    const outcome_of_run got = place.run(std::string(small_study) + "--strict-environment");
    EXPECT_EQ(got.exit_code, 2);
    EXPECT_EQ(got.out, "");
    EXPECT_NE(got.err.find("nothing was measured"), std::string::npos) << got.err;
    EXPECT_NE(got.err.find("aslr"), std::string::npos) << got.err;
    EXPECT_EQ(got.err.find("few_rounds"), std::string::npos) << "is not of the environment";
    EXPECT_EQ(got.err.find('\n'), got.err.size() - 1) << "one line";
    EXPECT_EQ(place.files(), std::vector<std::string>{});
}

TEST(run, strict_about_the_environment_keeps_results_that_other_programs_disturbed) {
    const workplace place;
    const outcome_of_run got = place.run_beside_load(
        "run --strategy async_thread_pool --workload sum_range:duration=1ms --load batch:300 "
        "--workers 1 --rounds 5 --quick --strict-environment --report none");
    EXPECT_EQ(got.exit_code, 2) << got.err;
    if (got.err.find("nothing was measured") != std::string::npos) {
        GTEST_SKIP() << "this machine is refused before: " << got.err;
    }
    EXPECT_NE(got.err.find("foreign_load"), std::string::npos) << got.err;
    EXPECT_EQ(place.files(), std::vector<std::string>{"results.json"});
    EXPECT_EQ(read(place, "results.json")["stratbench"]["cells"][0]["trials"].size(), 5U);
}

TEST(run, interrupted_before_the_first_round_keeps_the_files_that_were_there) {
    const workplace place;
    place.write("results.json", "precious");
    const outcome_of_run got = place.run_until(
        [&] { return place.processes_inside() > 1; }, SIGTERM,  // the first trial has begun
        "run --strategy sync --workload sum_range:n=1000 --load constant:10/s --trial-length 30s");
    EXPECT_EQ(got.exit_code, 130) << got.err;
    EXPECT_EQ(place.content_of("results.json"), "precious");
    EXPECT_EQ(place.processes_inside(), 0);
}

TEST(run, killed_outright_takes_its_whole_tree_with_it) {
    const workplace place;
    const outcome_of_run got =
        place.run_until([&] { return place.processes_inside() > 3; }, SIGKILL,
                        "run --strategy process_per_task --strategy async_process_pool --workload "
                        "sum_range:n=1000000 --load batch:50 --workers 2 --rounds 10000 --quick");
    EXPECT_EQ(got.exit_code, -1);
    // The kernel ends them one after the other; the test's own timeout bounds the wait.
    while (place.processes_inside() != 0) {
        usleep(10'000);
    }
}

}  // namespace
}  // namespace stratbench
