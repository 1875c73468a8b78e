// A results file as other tools read it. What those tools themselves make of it is in
// tests/browser.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <stdexcept>
#include <string>

#include <nlohmann/json.hpp>

#include "harness/results/json.hpp"
#include "reports/export/bmf.hpp"
#include "reports/export/csv.hpp"
#include "reports/export/gbench.hpp"
#include "reports/export/github.hpp"
#include "reports/export/markdown.hpp"
#include "tests/reports/sample_study.hpp"
#include "tests/reports/text_of_lines.hpp"

namespace stratbench {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

const cell_result& open_cell(const study_results& study) {
    for (const cell_result& cell : study.cells) {
        if (cell.summary.latency_ns && cell.summary.latency_ns->p99.value) {
            return cell;
        }
    }
    throw std::logic_error("the sample has no open cell");
}

TEST(markdown, of_answers_has_the_headline_a_row_for_each_strategy_and_each_sentence) {
    const study_results study = sample_study();
    const std::string text = markdown_of_answers(study);
    EXPECT_THAT(text, StartsWith("### one for all "));
    for (const char* strategy : {"sync", "pool&#95;map", "process&#95;per&#95;task"}) {
        EXPECT_THAT(text, HasSubstr("<code>" + std::string(strategy) + "</code>"));
    }
    EXPECT_THAT(text, HasSubstr("| times behind the best | sqrt"));
    EXPECT_THAT(text, HasSubstr("- throughput: "));
    EXPECT_THAT(text, HasSubstr("p50 latency"));
}

TEST(bmf, has_each_figure_with_its_interval_under_the_name_of_its_cell) {
    const study_results study = sample_study();
    const json all = json::parse(bmf(study));
    const estimate& first = *study.cells[0].summary.throughput_per_s;
    const json& throughput = all.at(study.cells[0].planned.name()).at("throughput");
    EXPECT_EQ(throughput.at("value"), first.value);
    EXPECT_EQ(throughput.at("lower_value"), first.ci95->lo);
    EXPECT_EQ(throughput.at("upper_value"), first.ci95->hi);
    const cell_result& open = open_cell(study);
    EXPECT_EQ(all.at(open.planned.name()).at("latency-p99").at("value"),
              *open.summary.latency_ns->p99.value);
}

TEST(bmf, leaves_out_bounds_and_cells_without_figures) {
    study_results study = sample_study();
    std::string bounded;
    for (cell_result& cell : study.cells) {
        if (!cell.summary.latency_ns) {
            continue;
        }
        cell.summary.latency_ns->p50.censored = true;
        bounded = cell.planned.name();
    }
    const json all = json::parse(bmf(study));
    EXPECT_FALSE(all.at(bounded).contains("latency-p50"));
    for (const cell_result& cell : study.cells) {
        EXPECT_EQ(all.contains(cell.planned.name()), cell.state == status::ok)
            << cell.planned.name();
    }
}

TEST(github_benchmarks, are_all_such_that_smaller_is_better) {
    study_results study = sample_study();
    const auto value = [&] {
        return json::parse(github_benchmarks(study)).at(0).at("value").get<double>();
    };
    const double before = value();
    EXPECT_DOUBLE_EQ(before, 1e9 / study.cells[0].summary.throughput_per_s->value);
    study.cells[0].summary.throughput_per_s->value *= 2;
    EXPECT_DOUBLE_EQ(value(), before / 2);
}

TEST(github_benchmarks, are_found_by_a_name_that_no_other_has) {
    std::set<std::string> names;
    for (const json& entry : json::parse(github_benchmarks(sample_study()))) {
        EXPECT_TRUE(names.insert(entry.at("name")).second) << entry;
    }
    EXPECT_THAT(*names.begin(), HasSubstr("/real_time "));
}

TEST(gbench_one_row_each, has_the_median_of_the_trials_as_the_only_row_of_a_cell) {
    const study_results study = sample_study();
    const json document = json::parse(gbench_one_row_each(study));
    std::set<std::string> names;
    for (const json& row : document.at("benchmarks")) {
        EXPECT_TRUE(names.insert(row.at("name")).second) << row;
        EXPECT_EQ(row.at("run_type"), "iteration");
        EXPECT_FALSE(row.contains("aggregate_name"));
        EXPECT_GT(row.at("real_time"), 0);
    }
    const json all = to_json(study);
    for (const json& row : all.at("benchmarks")) {
        if (row.value("aggregate_name", "") != "median" || row.at("family_index") != 0) {
            continue;
        }
        EXPECT_EQ(document.at("benchmarks").at(0).at("real_time"), row.at("real_time"));
    }
    EXPECT_TRUE(document.at("context").at("caches").is_array());
    EXPECT_FALSE(document.contains("stratbench"));
}

TEST(gbench_one_row_each, takes_a_single_good_trial_as_it_is_and_no_failed_one) {
    study_results study = sample_study();
    study.cells.resize(1);
    std::vector<trial_record>& trials = study.cells[0].trials;
    for (std::size_t i = 1; i < trials.size(); ++i) {
        trials[i].state = status::failed;
        trials[i].reason = "lost";
    }
    const json rows = json::parse(gbench_one_row_each(study)).at("benchmarks");
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_DOUBLE_EQ(rows[0].at("real_time"), 1e9 / trials[0].throughput_per_s);
    trials[0].state = status::failed;
    EXPECT_EQ(json::parse(gbench_one_row_each(study)).at("benchmarks").size(), 0u);
}

TEST(csv_of_trials, has_a_line_for_each_trial_and_nothing_where_there_is_no_figure) {
    study_results study = sample_study();
    study.cells.resize(1);
    study.cells[0].trials.resize(2);
    const std::string text = csv_of_trials(study);
    EXPECT_THAT(text, StartsWith("study,cell,strategy,workload,load,workers,cpus,round,status,"));
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 3);
    EXPECT_THAT(text, HasSubstr("\r\n3f6c2a91b07d,sync/sqrt_log:n=300000/batch:1920/workers:1/"
                                "real_time,sync,sqrt_log:n=300000,batch:1920,1,2,0,ok,,"));
    EXPECT_THAT(text, HasSubstr(",,,,")) << "a batch has no latency";
}

TEST(csv_of_trials, quotes_what_would_end_a_field_and_disarms_what_would_be_a_formula) {
    study_results study = sample_study();
    study.cells.resize(1);
    study.cells[0].trials.resize(1);
    trial_record& trial = study.cells[0].trials[0];
    trial.state = status::failed;
    trial.reason = "a \"b\", c\nd";
    EXPECT_THAT(csv_of_trials(study), HasSubstr(",failed,\"a \"\"b\"\", c\nd\","));
    for (const char* formula : {"=1+1", "+1", "-1", "@x", "\t=1"}) {
        trial.reason = formula;
        EXPECT_THAT(csv_of_trials(study), HasSubstr(",failed,'" + trial.reason + ","));
    }
}

}  // namespace
}  // namespace stratbench
