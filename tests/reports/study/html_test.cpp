#include "reports/study/html.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>
#include <string>

#include <nlohmann/json.hpp>

#include "reports/text/html_text.hpp"
#include "tests/reports/page_text.hpp"
#include "tests/reports/sample_study.hpp"

namespace stratbench {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(html_text, escapes_what_could_leave_an_element_or_an_attribute) {
    EXPECT_EQ(html_escaped("<a b=\"c\" d='e'>&amp;"),
              "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;amp;");
}

TEST(html_text, json_in_a_script_has_no_angle_bracket_and_means_the_same) {
    const nlohmann::json value = {{"</script>", "<!-- <script>"}, {"n", 1.5}};
    const std::string text = script_json(value);
    EXPECT_THAT(text, Not(HasSubstr("<")));
    EXPECT_EQ(nlohmann::json::parse(text), value);
}

TEST(html_text, json_survives_bytes_that_are_not_text) {
    EXPECT_EQ(script_json("a\xff"), "\"a\xef\xbf\xbd\"");
}

TEST(html_text, a_part_is_not_searched_for_names) {
    EXPECT_EQ(filled("{{a}}-{{b}}", {{"a", "{{b}}"}, {"b", "x"}}), "{{b}}-x");
    EXPECT_THROW(filled("{{c}}", {}), std::logic_error);
}

TEST(html_report, shows_a_table_verdicts_and_charts_for_each_group) {
    const std::string page = html_report(sample_study());
    EXPECT_EQ(count(page, "<table>\n<thead>"), 8u) << "one to see and one to unfold";
    EXPECT_EQ(count(page, "<details class=\"figures\">"), 4u);
    EXPECT_TRUE(has(page, "wins"));
    EXPECT_TRUE(has(page, "tie within"));
    EXPECT_TRUE(has(page, "class=\"legend\""));
    // Throughput, phases and CPU for each group; latency for the two open ones.
    EXPECT_EQ(specifications(page).size(), 14u);
}

TEST(html_report, tells_why_a_strategy_is_behind_and_whose_rate_was_not_held) {
    const std::string page = html_report(sample_study());
    EXPECT_TRUE(has(page, "<li><b>sync</b> 52 % of pool_map&#39;s throughput: 0.98 instead of"));
    EXPECT_TRUE(has(page, "more waiting for the front end (blocked "));
    EXPECT_TRUE(has(page, "<li><b>process_per_task</b> held 6.04k/s of 38.1k/s asked; the queue"));
}

TEST(html_report, says_once_below_its_figures_why_some_are_absent) {
    const std::string page = html_report(sample_study());
    EXPECT_EQ(count(page, "energy/task: no RAPL domain in /sys/class/powercap"), 4u);
    EXPECT_FALSE(has(page, "migrations/task:"));
}

TEST(html_report, shows_the_latency_of_a_load_that_waits_for_results_and_does_not_rank_it) {
    study_results study = sample_study();
    for (cell_result& c : study.cells) {
        c.planned.load.kind = load_plan::shape::producer;
        c.planned.load.text = "producer";
    }
    const std::string page = html_report(study);
    EXPECT_TRUE(has(page, "The latency is not ranked"));
    EXPECT_TRUE(has(page, "Not to be compared, since who is slow is asked for less"));
    EXPECT_FALSE(has(page, "p50 latency:"));
    EXPECT_FALSE(has(html_report(sample_study()), "The latency is not ranked"));
}

TEST(html_report, draws_the_lag_of_a_loop_and_the_cpu_load_whatever_the_study_prints) {
    study_results study = sample_scenario();
    study.plan.detail = {};
    const std::string page = html_report(study);
    EXPECT_TRUE(has(page, "data-kind=\"loop_lag\""));
    EXPECT_TRUE(has(page, "data-kind=\"cpu\""));
}

TEST(html_report, each_specification_is_json_with_data_in_it) {
    for (const std::string& text : specifications(html_report(sample_study()))) {
        const nlohmann::json spec = nlohmann::json::parse(text);
        ASSERT_TRUE(spec.contains("datasets")) << text.substr(0, 200);
        const auto& sets = spec["datasets"];
        EXPECT_FALSE(std::all_of(sets.begin(), sets.end(), [](const auto& s) { return s.empty(); }))
            << text.substr(0, 200);
    }
}

TEST(html_report, hostile_names_stay_text) {
    const std::string page = html_report(hostile_study());
    EXPECT_FALSE(has(page, "<script>alert"));
    EXPECT_FALSE(has(page, "<img src=x"));
    EXPECT_TRUE(has(page, "&lt;/script&gt;&lt;script&gt;alert(1)"));
    // What opens a script is the template's: licences, libraries, page, and one for each chart.
    EXPECT_EQ(count(page, "<script type=\"application/json\""), 14u);
    for (const std::string& text : specifications(page)) {
        EXPECT_TRUE(nlohmann::json::accept(text));
    }
}

TEST(html_report, forbids_every_request_and_eval) {
    const std::string page = html_report(sample_study());
    EXPECT_TRUE(has(page, "default-src 'none'; script-src 'unsafe-inline'"));
    EXPECT_FALSE(has(page.substr(0, page.find("<style>")), "unsafe-eval"));
    EXPECT_FALSE(has(page, "<script src"));
    EXPECT_FALSE(has(page, "<link"));
}

TEST(html_report, stays_below_two_megabytes) {
    EXPECT_LT(html_report(sample_study()).size(), 2'000'000u);
}

TEST(html_report, of_a_scenario_lists_its_tasks_and_draws_the_lag_of_the_loop) {
    const std::string page = html_report(sample_scenario());
    EXPECT_TRUE(has(page, "all 6 accepted before the first completed"));
    EXPECT_TRUE(has(page, "data-kind=\"loop_lag\""));
}

TEST(html_report, leaves_out_a_curve_that_is_damaged) {
    study_results study = sample_study();
    for (cell_result& c : study.cells) {
        if (c.summary.latency_ns) {
            c.summary.latency_ns->histogram_v2 = "not a histogram";
        }
    }
    EXPECT_EQ(specifications(html_report(study)).size(), 14u) << "the percentiles remain";
}

TEST(html_report, an_interval_beyond_all_that_was_measured_does_not_set_the_scale) {
    study_results study = sample_study();
    study.cells[0].summary.throughput_per_s->ci95 = interval{1, 1e9};
    const auto spec = nlohmann::json::parse(specifications(html_report(study)).front());
    EXPECT_LT(spec["layer"][0]["encoding"]["x"]["scale"]["domainMax"].get<double>(), 1e4);
}

TEST(html_report, of_nothing_is_still_a_page) {
    EXPECT_TRUE(has(html_report({}), "How to read this"));
}

}  // namespace
}  // namespace stratbench
