// What the program says of itself and of a plan, without measuring anything: help, lists. The real
// binary is run.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/cli/workplace.hpp"

namespace stratbench {
namespace {

TEST(help, is_there_for_each_subcommand_with_examples) {
    const workplace place;
    for (const char* sub : {"", "run ", "list ", "report "}) {
        const outcome_of_run got = place.run(std::string(sub) + "--help");
        EXPECT_EQ(got.exit_code, 0) << sub;
        EXPECT_NE(got.out.find("Examples:"), std::string::npos) << sub;
        EXPECT_EQ(got.err, "") << sub;
    }
    EXPECT_EQ(place.run("--help").out.find("trial "), std::string::npos) << "it is hidden";
    EXPECT_TRUE(place.run("--version").out.starts_with("stratbench "));
}

TEST(list, names_everything_for_people_and_for_machines) {
    const workplace place;
    const std::string text = place.run("list").out;
    for (const char* name : {"process_per_task", "sqrt_values", "poisson", "request_burst"}) {
        EXPECT_NE(text.find(name), std::string::npos) << name;
    }
    const outcome_of_run json = place.run("list loads --json");
    EXPECT_EQ(json.exit_code, 0);
    EXPECT_TRUE(json.out.starts_with("{"));
    EXPECT_EQ(json.out.find("request_burst"), std::string::npos);
}

TEST(list, has_all_loads_with_their_parameters) {
    const workplace place;
    const std::string text = place.run("list loads").out;
    for (const char* part : {"  batch:N", "  closed:C", "  constant:R/s | P%sync | P%own",
                             "  poisson:R/s", "  burst:R/s", "size=10", "  trace:FILE", "speed=1",
                             "  trickle", "every=1s", "  producer", "queue=10"}) {
        EXPECT_NE(text.find(part), std::string::npos) << part << " is not in\n" << text;
    }
}

TEST(list_tests, measures_no_capacity_for_a_rate_in_own) {
    const workplace place;
    const outcome_of_run got = place.run(
        "run --workload sum_range:n=5000 --load poisson:80%own --strategy pool_map --workers 2 "
        "--benchmark_list_tests");
    EXPECT_EQ(got.exit_code, 0) << got.err;
    EXPECT_EQ(got.out, "pool_map/sum_range:n=5000/poisson:80%own/workers:2/real_time\n");
    EXPECT_EQ(got.err, "");
}

TEST(list_tests, times_nothing_however_long_it_would_take) {
    const workplace place;
    const outcome_of_run got = place.run(
        "run --workload sqrt_log:n=9e15 --workload sqrt_log:duration=9999s --load batch "
        "--load poisson:80%sync --strategy sync --workers 1 --budget 1ms --benchmark_list_tests");
    EXPECT_EQ(got.exit_code, 0) << got.err;
    EXPECT_EQ(got.out,
              "sync/sqrt_log:n=9000000000000000/batch/workers:1/real_time\n"
              "sync/sqrt_log:n=9000000000000000/poisson:80%sync/workers:1/real_time\n"
              "sync/sqrt_log:duration=9999s/batch/workers:1/real_time\n"
              "sync/sqrt_log:duration=9999s/poisson:80%sync/workers:1/real_time\n");
}

TEST(list_tests, prints_the_names_of_the_cells_and_measures_nothing) {
    const workplace place;
    const outcome_of_run got = place.run(
        "run --workload sum_range:n=5000 --load poisson:500/s --strategy sync "
        "--strategy pool_map --workers 2 --benchmark_list_tests --benchmark_filter=pool");
    EXPECT_EQ(got.exit_code, 0) << got.err;
    EXPECT_EQ(got.out, "pool_map/sum_range:n=5000/poisson:500%2Fs/workers:2/real_time\n");
    EXPECT_EQ(place.files(), std::vector<std::string>{});
}

}  // namespace
}  // namespace stratbench
