#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <string>

#include <nlohmann/json.hpp>

#include "harness/model/labels.hpp"
#include "harness/results/benchmark_rows.hpp"
#include "harness/results/context.hpp"
#include "tests/harness/results/results_fixture.hpp"

namespace stratbench {
namespace {

json rows_of(const study_results& study) {
    return benchmark_rows(study.cells);
}

TEST(benchmark_rows, every_row_has_what_compare_py_groups_and_sorts_by) {
    for (const json& row : rows_of(fixture::full_study())) {
        for (const char* key : {"name", "run_name", "run_type", "time_unit"}) {
            EXPECT_TRUE(row.at(key).is_string()) << row;
        }
        for (const char* key : {"family_index", "per_family_instance_index", "repetitions",
                                "iterations", "real_time", "cpu_time", "threads"}) {
            EXPECT_TRUE(row.at(key).is_number()) << row;
        }
        EXPECT_EQ(row["time_unit"], "ns");
        const std::string run_name = row["run_name"];
        EXPECT_TRUE(run_name.ends_with("/real_time")) << run_name;
        const bool aggregate = row["run_type"] == "aggregate";
        EXPECT_NE(row.contains("repetition_index"), aggregate);
        EXPECT_EQ(row.contains("aggregate_name"), aggregate);
        EXPECT_EQ(row["name"],
                  aggregate ? run_name + "_" + row["aggregate_name"].get<std::string>() : run_name);
    }
}

TEST(benchmark_rows, a_batch_shows_the_time_and_the_cpu_of_one_task) {
    auto cell = fixture::batch_cell("sync", {1000});
    cell.trials[0].cpu.user_s = 3;
    cell.trials[0].cpu.system_s = 1;
    cell.trials[0].outcomes.ok = 2000;
    const json rows = benchmark_rows({cell});
    ASSERT_EQ(rows.size(), 1U) << "one trial has no aggregates";
    EXPECT_EQ(rows[0]["real_time"], 1e6);
    EXPECT_EQ(rows[0]["cpu_time"], 2e6);
    EXPECT_EQ(rows[0]["iterations"], 2000);
    EXPECT_EQ(rows[0]["items_per_second"], 1000.0);
}

TEST(benchmark_rows, an_open_load_shows_the_trials_median_latency) {
    EXPECT_EQ(benchmark_rows({fixture::open_cell("a", {700})})[0]["real_time"], 700.0);
}

TEST(benchmark_rows, aggregates_are_those_of_google_benchmark) {
    const json rows = benchmark_rows({fixture::open_cell("a", {100, 200, 600})});
    ASSERT_EQ(rows.size(), 7U);
    EXPECT_EQ(rows[3]["aggregate_name"], "mean");
    EXPECT_EQ(rows[3]["real_time"], 300.0);
    EXPECT_EQ(rows[3]["iterations"], 3);
    EXPECT_EQ(rows[4]["aggregate_name"], "median");
    EXPECT_EQ(rows[4]["real_time"], 200.0);
    EXPECT_EQ(rows[5]["aggregate_name"], "stddev");
    EXPECT_NEAR(rows[5]["real_time"].get<double>(), 264.5751311, 1e-6);
    EXPECT_EQ(rows[5]["aggregate_unit"], "time");
    EXPECT_EQ(rows[6]["aggregate_name"], "cv");
    EXPECT_NEAR(rows[6]["real_time"].get<double>(), 0.8819171037, 1e-9);
    EXPECT_EQ(rows[6]["aggregate_unit"], "percentage");
    EXPECT_EQ(rows[0]["repetitions"], 3);
    EXPECT_EQ(rows[2]["repetition_index"], 2);
}

TEST(benchmark_rows, failures_are_rows_with_an_error_and_count_in_no_aggregate) {
    const json rows = rows_of(fixture::full_study());
    std::vector<std::string> errors;
    for (const json& row : rows) {
        if (row.contains("error_occurred")) {
            errors.push_back(row["error_message"]);
        }
    }
    EXPECT_EQ(errors, (std::vector<std::string>{"2 tasks missing", "failed: every trial failed",
                                                "skipped: one worker only"}));
    for (const json& row : rows) {
        if (row["family_index"] == 1 && row["run_type"] == "aggregate") {
            EXPECT_EQ(row["iterations"], 2);
        }
    }
}

TEST(benchmark_context, has_every_key_that_google_benchmark_writes) {
    const json context = json::parse(benchmark_context("stratbench"));
    for (const char* key : {"caches", "date", "host_name", "executable", "num_cpus", "mhz_per_cpu",
                            "cpu_scaling_enabled", "load_avg", "library_build_type"}) {
        EXPECT_TRUE(context.contains(key)) << key;
    }
    EXPECT_EQ(context["library_build_type"], own_build_type());
    const std::string date = context["date"];
    EXPECT_EQ(date.size(), 25U) << date;
    EXPECT_EQ(date[22], ':') << date;
}

TEST(labels, and_warning_codes_are_those_of_the_schema) {
    const json schema = json::parse(std::ifstream(STRATBENCH_SCHEMA));
    const auto listed = [&schema](const char* pointer) {
        return schema.at(json::json_pointer(pointer)).get<std::set<std::string>>();
    };
    std::set<std::string> names, codes;
    for (const label_entry& each : labels()) {
        names.emplace(each.name);
    }
    for (const warning_entry& each : warning_codes()) {
        codes.emplace(each.code);
    }
    EXPECT_EQ(listed("/$defs/label/enum"), names);
    EXPECT_EQ(listed("/$defs/warning/properties/code/enum"), codes);
}

TEST(labels, have_meanings_and_warnings_have_advice) {
    for (const auto& entry : labels()) {
        EXPECT_FALSE(entry.meaning.empty()) << entry.name;
    }
    for (const auto& entry : warning_codes()) {
        EXPECT_EQ(make_warning(entry.code, "m").advice, entry.advice);
    }
    EXPECT_THROW(make_warning("weather", "m"), std::logic_error);
}

}  // namespace
}  // namespace stratbench
