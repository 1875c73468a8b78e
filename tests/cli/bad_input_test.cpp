// What a user gets for a mistake: one line on standard error that says what was wrong, exit 2,
// nothing on standard output, no file. The real binary is run.

#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "harness/plan/option_table.hpp"
#include "tests/cli/results_in.hpp"
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
    {"check_of_an_unknown_workload", "check --workload sqrt_lig", "did you mean 'sqrt_log'?"},
    {"check_with_a_strategy_of_python", "check --workload noop --strategy python_sync",
     "is a program of its own"},
    {"check_with_a_negative_seed", "check --seed -1", "--seed '-1': accepted is a whole number"},
    {"check_with_an_unknown_strategy", "check --workload noop --strategy apply_asinc",
     "did you mean 'apply_async'?"},
    {"completion_of_an_unknown_shell", "completion tcsh", "accepted are bash, zsh, fish"},
    {"new_without_a_folder", "new", "folder is required"},
    {"new_with_a_name_that_is_too_long", "new $(printf 'a%.0s' $(seq 300))",
     "is not a folder and cannot be made one"},
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
    {"unknown_distribution", "run --workload 'sqrt_log:duration=lognormale(p50=1ms,p99=2ms)'",
     "did you mean 'lognormal'?"},
    {"distribution_that_does_not_end", "run --workload 'sqrt_log:n=exponential(mean=5'",
     "accepted is the like of exponential(mean=2ms)"},
    {"reply_without_a_unit", "run --workload sqrt_log:reply=12", "such as 512MiB"},
    {"unknown_load", "run --load bach", "did you mean 'batch'?"},
    {"mistyped_load", "run --load closd:4", "did you mean 'closed'?"},
    {"closed_without_a_number", "run --load closed", "as in closed:4"},
    {"closed_with_nothing_outstanding", "run --load closed:0", "'0'"},
    {"negative_own_rate", "run --load poisson:-80%own", "'-80%own' is not a rate"},
    {"burst_without_a_rate", "run --load burst:size=5", "needs a rate"},
    {"burst_of_nothing", "run --load burst:500/s,size=0", "'0'"},
    {"trace_without_a_file", "run --load trace", "as in trace:arrivals.csv"},
    {"trace_that_is_missing", "run --load trace:none.csv", "none.csv': there is no such file"},
    {"trace_that_is_a_directory", "run --load trace:.", "is not a regular file"},
    {"trace_with_no_speed", "run --load trace:none.csv,speed=0", "'0' is not a speed"},
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
    {"precision_of_nothing", "run --precision 0%", "accepted are percentages above 0"},
    {"precision_without_unit", "run --precision 2", "accepted are percentages above 0"},
    {"budget_without_unit", "run --budget 60", "such as 500ns, 20us or 1.5s"},
    {"budget_that_holds_no_round", "run --budget 1ms", "cannot hold one round of"},
    {"tie_of_nothing", "run --tie 0%", "accepted are percentages above 0"},
    {"tie_without_unit", "run --tie 3", "accepted are percentages above 0"},
    {"no_generations", "run --generations 0", "'0'"},
    {"more_generations_than_rounds", "run --rounds 5 --generations 6",
     "6 generations of 5 rounds: use --rounds 6"},
    {"rounds_without_end", "run --rounds 100000", "1 to 99999"},
    {"window_shorter_than_a_task",
     "run --workload noop:wait=50ms --load poisson:10/s --trial-length 1ms",
     "a window of 1ms is shorter than a task"},
    {"against_with_too_few_generations",
     "run --against self --strategy sync --workload noop --load batch --rounds 30 --generations 3",
     "3 generations cannot decide 1 comparison at 0.01: use 8"},
    {"unknown_fault", "run --workload faults:kind=segfalt", "did you mean 'segfault'?"},
    {"timeout_without_unit", "run --task-timeout 50", "such as 500ns, 20us or 1.5s"},
    {"timeout_of_nothing", "run --task-timeout 0s", "'0s'"},
    {"negative_retries", "run --retries -1", "'-1'"},
    {"worker_without_tasks", "run --max-tasks-per-worker 0", "'0'"},
    {"memory_without_unit", "run --worker-memory 512", "such as 512MiB, 64KiB or 2GiB"},
    {"memory_in_other_units", "run --worker-memory 512MB", "'512MB'"},
    {"events_to_standard_output", "run --events -", "accepted is a file"},
    {"unwritable_events", "run --events /nowhere/done.jsonl", "/nowhere/done.jsonl"},
    {"events_are_a_directory", "run --events .", "cannot be written"},
    {"against_what_is_missing", "run --against ./none", "'./none' cannot be measured"},
    {"against_a_directory", "run --against .", "it is a directory"},
    {"against_a_file", "run --against /etc/passwd", "it is not executable"},
    {"against_another_program", "run --against /bin/true", "is it a stratbench"},
    {"against_with_too_few_rounds",
     "run --against self --strategy sync --workload noop --load batch --rounds 3",
     "3 rounds cannot decide 1 comparison at 0.01: use 8"},
    {"against_with_events", "run --against self --events done.jsonl", "--events is for one build"},
    {"against_with_json", "run --against self --json", "--json is for one build"},
    {"against_into_one_file", "run --against self --base-out results.json",
     "'results.json' are the same file"},
    {"against_with_an_unwritable_base", "run --against self --base-out /nowhere/b.json",
     "/nowhere/b.json"},
    {"against_by_an_unknown_figure", "run --against self --fail-on p9", "--fail-on 'p9'"},
    {"against_by_a_figure_that_no_cell_has",
     "run --against self --strategy sync --workload noop --load batch --fail-on p99",
     "nothing to compare"},
    {"against_without_an_unknown_cell",
     "run --against self --strategy sync --workload noop --load batch --ignore sync",
     "--ignore 'sync': there is no such cell"},
    {"gate_without_a_base", "run --strict", "needs --against"},
    {"alpha_of_nothing", "run --against self --alpha 0", "--alpha '0'"},
    {"alpha_of_next_to_nothing", "run --against self --alpha 1e-300", "from 1e-09 to 0.5"},
    {"effect_without_unit", "run --against self --min-effect 3", "accepted are percentages"},
    {"unwritable_markdown",
     "run --against self --strategy sync --workload noop --load batch --markdown /nowhere/c.md",
     "/nowhere/c.md"},
    {"bare_value_of_a_strategy", "run --strategy pool_map:64",
     "accepted are key=value items: chunk"},
    {"bare_value_of_a_strategy_without_parameters", "run --strategy sync:x",
     "it takes no parameters"},
    {"empty_parameters", "run --strategy sync:", "an item is empty"},
    {"empty_parameter", "run --strategy pool_map:chunk=", "''"},
    {"parameter_given_twice", "run --workload sqrt_log:n=1,n=2", "is given twice"},
    {"bare_value_of_a_workload", "run --workload sqrt_log:5", "accepted are key=value items: n"},
    {"bare_value_of_a_load", "run --load trickle:5", "accepted are key=value items: every"},
    {"budget_in_other_units", "run --budget 99999h", "(ns, us, ms or s)"},
    {"budget_beyond_its_limit", "run --budget 99999999s", "from 1ns to 2592000s"},
    {"precision_beyond_its_limit", "run --precision 101%", "up to 100%"},
    {"seed_beyond_its_limit", "run --seed 9007199254740993", "to 9007199254740991"},
    {"empty_value", "run --plan ''", "--plan: its value is empty"},
    {"empty_value_behind_an_equals_sign", "run --against= --quick",
     "--against: its value is empty"},
    {"empty_argument", "report ''", "an argument is empty"},
    {"both_spellings_of_the_output", "run --out a.json --benchmark_out b.json", "excludes"},
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

TEST(deleted_working_directory, is_said_in_one_line) {
    const workplace place;
    const outcome_of_run got =
        place.shell("( mkdir gone && cd gone && rmdir ../gone && " + workplace::program() +
                    " run --load trace:x.csv --out none --report none )");
    EXPECT_EQ(got.exit_code, 2);
    EXPECT_TRUE(
        got.err.starts_with("stratbench: load 'trace:x.csv': the working directory cannot "
                            "be told: "))
        << got.err;
    EXPECT_EQ(std::count(got.err.begin(), got.err.end(), '\n'), 1) << got.err;
}

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

struct bad_trace {
    const char* content;
    const char* says;
};

TEST(bad_trace, is_one_line_with_its_file_and_line_and_nothing_is_written) {
    constexpr bad_trace traces[] = {
        {"", "this is an empty file"},
        {"# nothing\n", "has no due time in it"},
        {"0\nx\n", "line 2: 'x' is not a number"},
        {"0\n\033[31m\n", "line 2: '"},
        {"0\n-1\n", "line 2: '-1' is no due time"},
        {"0\nnan\n", "line 2: 'nan' is no due time"},
        {"0\ninf\n", "line 2: 'inf' is no due time"},
        {"2\n1\n", "line 2: 1 s comes after 2 s"},
        {"0\n1e9\n", "line 2: 1000000000 s is too late"},
    };
    for (const auto& [content, says] : traces) {
        const workplace place;
        place.write("a.csv", content);
        const outcome_of_run got = place.run("run --load trace:a.csv");
        EXPECT_EQ(got.exit_code, 2) << content;
        EXPECT_EQ(got.out, "");
        EXPECT_EQ(std::count(got.err.begin(), got.err.end(), '\n'), 1) << got.err;
        EXPECT_TRUE(got.err.starts_with("stratbench: trace '")) << got.err;
        EXPECT_NE(got.err.find("a.csv"), std::string::npos) << got.err;
        EXPECT_NE(got.err.find(says), std::string::npos) << got.err;
        EXPECT_EQ(got.err.find('\033'), std::string::npos) << got.err;
        EXPECT_EQ(place.files(), std::vector<std::string>{"a.csv"});
    }
}

TEST(bad_trace, that_has_changed_since_its_plan_was_made_is_one_line) {
    const workplace place;
    place.write("a.csv", "0\n0.01\n0.02\n");
    const std::string small = " --rounds 1 --report none --quiet";
    ASSERT_EQ(place
                  .run("run --strategy sync --workload sum_range:n=1000 --load trace:a.csv "
                       "--out base.json" +
                       small)
                  .exit_code,
              0);
    EXPECT_EQ(place.run("run --plan base.json --out new.json" + small).exit_code, 0);
    place.write("a.csv", "0\n0.01\n0.03\n");
    const outcome_of_run got = place.run("run --plan base.json --out new.json" + small);
    EXPECT_EQ(got.exit_code, 2);
    EXPECT_EQ(std::count(got.err.begin(), got.err.end(), '\n'), 1) << got.err;
    EXPECT_NE(got.err.find("a.csv': has changed since the plan was made"), std::string::npos)
        << got.err;
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

// Every file that is read, and everything that it is not.
TEST(bad_file, says_what_it_is_wherever_it_is_read) {
    const std::vector<std::pair<std::string, std::string>> kinds = {
        {std::string("\x1f\x8b\x08\x00", 4), "gzip"},
        {std::string("\xff\xfe{\0", 4), "UTF-16"},
        {"#!/bin/sh\n", "a script"},
        {"", "an empty file"},
        {"<!DOCTYPE html>", "HTML"},
        {"PK\x03\x04", "a zip archive"}};
    for (const auto& [content, what] : kinds) {
        const workplace place;
        place.write("x.json", content);
        for (const char* command :
             {"report x.json", "report x.json --html a.html", "compare x.json x.json",
              "compare --self-test x.json", "run --plan x.json", "run --scenario x.json",
              "run --load trace:x.json"}) {
            const outcome_of_run got = place.run(command);
            EXPECT_EQ(got.exit_code, 2) << command;
            EXPECT_EQ(std::count(got.err.begin(), got.err.end(), '\n'), 1) << got.err;
            EXPECT_NE(got.err.find("this is " + what), std::string::npos)
                << command << ": " << got.err;
            EXPECT_EQ(place.files(), std::vector<std::string>{"x.json"});
        }
    }
}

// Every option of the table, also one that comes later, with what none of its kind accepts.
TEST(bad_option, of_any_kind_is_one_line_and_exit_2) {
    const workplace place;
    for (const study_option& option : study_options()) {
        std::vector<std::string> values = {"", "\xff\xfe", "-", "nan", "1e999"};
        if (std::holds_alternative<flag_value>(option.value)) {
            continue;
        }
        if (std::holds_alternative<text_value>(option.value)) {
            values = {""};  // what else is wrong depends on what it names
        }
        if (!std::holds_alternative<texts_value>(option.value) &&
            !std::holds_alternative<text_value>(option.value)) {
            values.insert(values.end(), {"0", "-1", "99999999999999999999", "5 ", "0x10", "1,5"});
        }
        if (option.name == "--retries" || option.name == "--seed") {
            std::erase(values, "0");
        }
        for (const std::string& value : values) {
            const outcome_of_run got = place.run(std::string("run --quick ") +
                                                 std::string(option.name) + " '" + value + "'");
            EXPECT_EQ(got.exit_code, 2) << option.name << " '" << value << "'";
            EXPECT_EQ(std::count(got.err.begin(), got.err.end(), '\n'), 1)
                << option.name << " '" << value << "': " << got.err;
            EXPECT_EQ(place.files(), std::vector<std::string>{}) << option.name;
        }
    }
}

TEST(bad_plan, that_was_edited_is_held_to_the_ranges_of_the_options) {
    const workplace place;
    ASSERT_EQ(place
                  .run("run --strategy sync --workload sum_range:n=1000 --load batch:20 --rounds 1 "
                       "--out good.json --report none --quiet")
                  .exit_code,
              0);
    const json good = json::parse(place.content_of("good.json"));
    const auto refused = [&](const char* key, const json& value, const char* why) {
        json edited = good;
        json& plan = edited["stratbench"]["plan"];
        (plan["cells"][0].contains(key) ? plan["cells"][0][key] : plan[key]) = value;
        place.write("bad.json", edited.dump());
        const outcome_of_run got = place.run("run --plan bad.json --report none --quiet");
        EXPECT_EQ(got.exit_code, 2) << key;
        EXPECT_NE(got.err.find(why), std::string::npos) << got.err;
    };
    refused("rounds", 2'000'000, "rounds is 2000000; accepted is a whole number from 1 to 99999");
    refused("tie", 1.5, "tie is 1.5; accepted is a part above 0 and up to 1 (--tie)");
    refused("seed", 9007199254740993, "(--seed)");
    refused("serial_ns", -1, "serial_ns is -1");
    refused("stamp_one_in", 3, "stamp_one_in is 3");
}

TEST(no_effect, is_refused) {
    const workplace place;
    const std::string cells = "run --strategy sync --workload noop --load batch:4 --quick ";
    for (const char* option :
         {"--retries 2", "--max-tasks-per-worker 5", "--worker-memory 1GiB", "--cancel-pending",
          "--trial-length 50ms", "--benchmark_min_time 0.05s", "--tie 2%"}) {
        const outcome_of_run got = place.run(cells + option);
        EXPECT_EQ(got.exit_code, 2) << option;
        EXPECT_NE(got.err.find("has no effect here"), std::string::npos) << got.err;
    }
    // What a scenario says for its own strategies has none on one of them, and is no mistake.
    place.write("t.json", R"({"strategies": ["sync", "pool_map"], "workloads": ["noop"],
                              "loads": ["batch:4"], "tie": "2%"})");
    EXPECT_EQ(place.run("run --scenario t.json --strategy sync --rounds 1 --quiet --report none")
                  .exit_code,
              0);
    place.write("s.json", R"({"loads": ["trickle"], "trial_length": "50ms"})");
    EXPECT_NE(place.run("run --scenario s.json").err.find("has no effect here"), std::string::npos);
}

TEST(no_effect, of_what_a_scenario_says_of_loads_that_were_replaced_is_no_mistake) {
    const workplace place;
    for (const char* more : {"--load batch:4", "--benchmark_filter=batch"}) {
        const outcome_of_run got = place.run(
            "run --scenario antipatterns --strategy apply_async --rounds 1 --quick "
            "--out none --report none --quiet " +
            std::string(more));
        EXPECT_EQ(got.exit_code, 0) << more << ": " << got.err;
    }
}

TEST(no_end, a_task_that_would_take_months_is_not_executed_to_be_timed) {
    const workplace place;
    for (const char* more : {"--budget 2s", "--rounds 2", ""}) {
        const outcome_of_run got = place.run(
            "run --strategy sync --workload sqrt_log:n=9e15 --load batch:1 " + std::string(more));
        EXPECT_EQ(got.exit_code, 2) << got.err;
        EXPECT_NE(got.err.find("accepted is at most one day"), std::string::npos) << got.err;
    }
    const outcome_of_run got =
        place.run("run --strategy sync --workload sqrt_log:n=3e10 --load batch:1 --budget 2s");
    EXPECT_EQ(got.exit_code, 2) << got.err;
    EXPECT_NE(got.err.find("cannot hold one round"), std::string::npos) << got.err;
}

}  // namespace
}  // namespace stratbench
