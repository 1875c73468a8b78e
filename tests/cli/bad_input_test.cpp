// What a user gets for a mistake: one line on standard error that says what was wrong, exit 2,
// nothing on standard output, no file. The real binary is run.

#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

#include "tests/cli/workplace.hpp"

namespace stratbench {
namespace {

struct mistake {
    const char* name;
    const char* arguments;
    /// What the line must contain.
    const char* says;
};

void PrintTo(const mistake& m, std::ostream* out) {
    *out << m.arguments;
}

constexpr mistake mistakes[] = {
    {"no_subcommand", "", "a subcommand is needed"},
    {"unknown_subcommand", "rum", "did you mean 'run'?"},
    {"unknown_option", "run --stratgy sync", "did you mean '--strategy'?"},
    {"unknown_option_with_value", "run --worker=4", "did you mean '--workers'?"},
    {"unknown_short_option", "run -x", "unknown option '-x'"},
    {"unknown_option_of_the_program", "--verison", "did you mean '--version'?"},
    {"unexpected_argument", "run sync", "unexpected argument 'sync'"},
    {"missing_value", "run --strategy", "--strategy"},
    {"unknown_strategy", "run --strategy apply_asinc", "did you mean 'apply_async'?"},
    {"unknown_strategy_parameter", "run --strategy sync:chunk=3", "chunk"},
    {"unknown_workload", "run --workload sqrt_lig", "did you mean 'sqrt_log'?"},
    {"unknown_workload_parameter", "run --workload sqrt_log:m=3", "'m'"},
    {"unknown_load", "run --load bach", "did you mean 'batch'?"},
    {"later_load", "run --load closed:4", "not yet available"},
    {"later_rate", "run --load poisson:80%own", "not yet available"},
    {"unknown_scenario", "run --scenario antipaterns", "did you mean 'antipatterns'?"},
    {"missing_scenario_file", "run --scenario ./none.json", "cannot be read"},
    {"size_zero", "run --workload sqrt_log:n=0", "'0'"},
    {"size_negative", "run --workload sqrt_log:n=-5", "'-5'"},
    {"size_no_number", "run --workload sqrt_log:n=many", "'many'"},
    {"batch_of_zero", "run --load batch:0", "'0'"},
    {"negative_rate", "run --load poisson:-5/s", "'-5/s' is not a rate"},
    {"rate_without_unit", "run --load poisson:5", "accepted are R/s"},
    {"too_many_workers", "run --workers 1000000", "workers 1000000: accepted are 1 to "},
    {"no_workers", "run --workers 0", "'0'"},
    {"negative_workers", "run --workers -1", "'-1'"},
    {"too_many_cpus", "run --cpus 100000", "cpus 100000: accepted are 1 to "},
    {"no_rounds", "run --rounds 0", "'0'"},
    {"length_without_unit", "run --trial-length 5", "'5'"},
    {"bad_seed", "run --seed x", "'x'"},
    {"unwritable_results", "run --out /nowhere/results.json", "/nowhere/results.json"},
    {"unwritable_report", "run --report /nowhere/report.html", "/nowhere/report.html"},
    {"results_are_a_directory", "run --out .", "cannot be written"},
    {"missing_plan", "run --plan none.json", "none.json"},
    {"plan_and_cells", "run --plan none.json --strategy sync", "--plan brings its own cells"},
    {"bad_filter", "run --benchmark_filter='('", "not a regular expression"},
    {"filter_without_match", "run --benchmark_filter=zzz", "leaves no cell"},
    {"iterations", "run --benchmark_min_time=100x", "accepted are seconds"},
    {"other_format", "run --benchmark_out_format=csv", "accepted is json"},
    {"both_spellings", "run --rounds 2 --benchmark_repetitions 3", "mean the same"},
    {"unknown_list", "list strategys", "did you mean 'strategies'?"},
    {"report_without_file", "report", "results"},
    {"report_of_missing_file", "report none.json", "none.json"},
    {"line_break_in_a_name", "run --strategy \"$(printf 'a\\nb\\033[31m')\"", "unknown strategy"},
};

/// Stands for a test name that says what was wrong.
std::string name_of(const testing::TestParamInfo<mistake>& info) {
    return info.param.name;
}

class bad_input : public testing::TestWithParam<mistake> {};

TEST_P(bad_input, is_one_line_exit_2_and_nothing_else) {
    const workplace place;
    const outcome_of_run got = place.run(GetParam().arguments);
    EXPECT_EQ(got.exit_code, 2);
    EXPECT_EQ(got.out, "");
    EXPECT_EQ(std::count(got.err.begin(), got.err.end(), '\n'), 1) << got.err;
    EXPECT_TRUE(got.err.starts_with("stratbench: ")) << got.err;
    EXPECT_NE(got.err.find(GetParam().says), std::string::npos) << got.err;
    EXPECT_EQ(got.err.find('\033'), std::string::npos) << "control characters reach the terminal";
    EXPECT_EQ(place.files(), std::vector<std::string>{});
}

INSTANTIATE_TEST_SUITE_P(cli, bad_input, testing::ValuesIn(mistakes), name_of);

TEST(bad_scenario, an_unknown_key_is_named_with_its_line_and_what_is_accepted) {
    const workplace place;
    place.write("mine.json", "{\n  \"loads\": [\"batch\"],\n  \"wokers\": [2]\n}\n");
    const outcome_of_run got = place.run("run --scenario mine.json");
    EXPECT_EQ(got.exit_code, 2);
    EXPECT_EQ(got.out, "");
    EXPECT_TRUE(got.err.starts_with(
        "stratbench: mine.json: line 3: unknown key 'wokers'; did you mean 'workers'?; accepted "
        "are description, "))
        << got.err;
    EXPECT_EQ(std::count(got.err.begin(), got.err.end(), '\n'), 1);
    EXPECT_EQ(place.files(), std::vector<std::string>{"mine.json"});
}

TEST(bad_results_file, a_damaged_file_is_one_line_and_nothing_is_written) {
    const workplace place;
    place.write("damaged.json", "{\"context\": {}, \"benchmarks\"");
    const outcome_of_run got = place.run("report damaged.json --html page.html");
    EXPECT_EQ(got.exit_code, 2);
    EXPECT_EQ(got.out, "");
    EXPECT_EQ(std::count(got.err.begin(), got.err.end(), '\n'), 1) << got.err;
    EXPECT_EQ(place.files(), std::vector<std::string>{"damaged.json"});
}

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
