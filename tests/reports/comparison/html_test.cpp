#include <gtest/gtest.h>

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/results/json.hpp"
#include "reports/comparison/page.hpp"
#include "tests/reports/page_text.hpp"
#include "tests/reports/sample_comparison.hpp"

namespace stratbench {
namespace {

/// The specification of the chart of that kind; null where the page has none.
json chart_of(const std::string& page, const std::string& id) {
    const std::vector<std::string> found = specifications(page, "chart-" + id);
    return found.empty() ? json() : json::parse(found.front());
}

TEST(html_comparison, says_the_verdict_first_and_in_words) {
    const std::string page = html_comparison(sample_comparison());
    const std::size_t verdict = page.find("<p class=\"overall regressed\">1 of 6 regressed: sync/");
    ASSERT_NE(verdict, std::string::npos);
    EXPECT_LT(verdict, page.find("<table"));
    EXPECT_TRUE(has(page, "<title>stratbench: regressed</title>"));
    EXPECT_TRUE(has(html_comparison(sample_same_comparison()), "<p class=\"overall same\">"));
}

TEST(html_comparison, draws_a_row_for_each_figure_of_the_gate_and_for_no_other) {
    const json spec = chart_of(html_comparison(sample_comparison()), "forest");
    ASSERT_FALSE(spec.is_null());
    const json& rows = spec["datasets"]["figures"];
    ASSERT_EQ(rows.size(), 5u);
    EXPECT_EQ(rows[0]["row"], "sync \u00b7 batch:100, throughput");
    EXPECT_EQ(rows[0]["verdict"], "regressed");
    EXPECT_EQ(rows[1]["verdict"], "inconclusive");
}

TEST(html_comparison, draws_worse_to_the_right_whatever_the_metric) {
    comparison found = sample_comparison();
    const json spec = chart_of(html_comparison(found), "forest");
    const json& slower = spec["datasets"]["figures"][0];  // throughput, by 5.1 %
    EXPECT_NEAR(slower["times"].get<double>(), 1.051, 1e-6);
    EXPECT_LT(slower["lo"].get<double>(), 1.051);
    EXPECT_GT(slower["hi"].get<double>(), 1.051);
    const json& latency = spec["datasets"]["figures"][1];  // p50, by 2.1 %
    EXPECT_NEAR(latency["times"].get<double>(), 1.021, 1e-6);
    const json& band = spec["datasets"]["band"][0];
    EXPECT_DOUBLE_EQ(band["hi"].get<double>(), 1.03);
    EXPECT_DOUBLE_EQ(band["lo"].get<double>(), 1 / 1.03);
}

TEST(html_comparison, an_interval_beyond_all_that_was_found_does_not_set_the_scale) {
    comparison found = sample_comparison();
    found.cells[0].metrics[0].ci95 = {1e-9, 1e9};
    const json spec = chart_of(html_comparison(found), "forest");
    EXPECT_LT(spec["layer"][2]["encoding"]["x"]["scale"]["domain"][1].get<double>(), 2);
}

TEST(html_comparison, marks_the_rounds_that_confirm) {
    const json spec = chart_of(html_comparison(sample_comparison()), "pairs");
    ASSERT_FALSE(spec.is_null());
    const json& kinds = spec["datasets"]["figures"][0]["kind"];
    ASSERT_EQ(kinds.size(), 30u);
    EXPECT_EQ(kinds[14], "first generations");
    EXPECT_EQ(kinds[15], "generations that confirm");
    // Slower is up, though throughput fell.
    EXPECT_NEAR(spec["datasets"]["figures"][0]["times"][0].get<double>(), 1.051, 1e-6);
}

TEST(html_comparison, without_pairs_has_no_chart_of_rounds_and_says_what_unconfirmed_means) {
    const std::string page = html_comparison(sample_unpaired_comparison());
    EXPECT_TRUE(chart_of(page, "pairs").is_null());
    EXPECT_FALSE(chart_of(page, "forest").is_null());
    EXPECT_TRUE(has(page, "not measured in turns"));
    EXPECT_TRUE(has(page, "<b>unconfirmed</b>:"));
    EXPECT_TRUE(has(page, "cpu model: Example CPU @ 2.50GHz -&gt; Example CPU @ 3.10GHz"));
}

TEST(html_comparison, lays_both_latencies_over_each_other_where_it_has_the_files) {
    comparison found = sample_comparison();
    const auto [base, candidate] = studies_of(found);
    const json spec = chart_of(html_comparison(found, &base, &candidate), "latency-1");
    ASSERT_FALSE(spec.is_null());
    const json& curves = spec["datasets"]["curves"];
    EXPECT_EQ(curves[0]["strategy"], "base");
    EXPECT_EQ(curves.back()["strategy"], "new");
    EXPECT_NE(curves[0]["ns"], curves.back()["ns"]);
    EXPECT_TRUE(chart_of(html_comparison(found), "latency-1").is_null());
    EXPECT_TRUE(chart_of(html_comparison(found, &base), "latency-1").is_null());
}

TEST(html_comparison, shows_where_both_sides_ran_and_marks_what_should_not_differ) {
    comparison found = sample_comparison();
    auto [base, candidate] = studies_of(found);
    candidate.machine.kernel = "Linux 6.2.0";
    const std::string page = html_comparison(found, &base, &candidate);
    EXPECT_TRUE(has(page,
                    "<tr class=\"differs\"><th scope=\"row\">kernel</th>"
                    "<td>Linux 6.1.0</td><td>Linux 6.2.0</td>"));
    EXPECT_TRUE(has(page, "<tr><th scope=\"row\">governor</th>"));
    EXPECT_TRUE(has(page,
                    "<tr><th scope=\"row\">revision</th>"
                    "<td>0123abc</td><td>4567def</td>"));
}

TEST(html_comparison, has_every_figure_to_unfold) {
    const std::string page = html_comparison(sample_comparison());
    const std::size_t from = page.find("<details class=\"all\">");
    const std::string all = page.substr(from, page.find("</details>", from) - from);
    EXPECT_EQ(count(all, "<tr class="), 11u);
    EXPECT_TRUE(has(all, "<td>15 / 15</td><td>0.9515</td>"));
    EXPECT_TRUE(has(all, "failed in new.json: 3 tasks missing after 2.5 s"));
}

TEST(html_comparison, tells_at_its_foot_what_it_rests_on) {
    const std::string page = html_comparison(sample_comparison());
    const std::string foot = page.substr(page.find("<footer>"));
    EXPECT_TRUE(has(foot, "15 generations, both in turns"));
    EXPECT_TRUE(has(foot, "alpha 1.0 % for all 6 together; changes below 3.0 % do not count"));
    EXPECT_TRUE(has(foot, "smallest change that these generations see four times in five"));
}

TEST(html_comparison, tells_what_a_chart_shows_to_who_does_not_see_it) {
    const json spec = chart_of(html_comparison(sample_comparison()), "forest");
    EXPECT_TRUE(has(spec["description"].get<std::string>(),
                    "1 regressed, 1 improved, 2 same, 1 inconclusive"));
}

TEST(html_comparison, hostile_names_stay_text) {
    comparison found = hostile_comparison();
    auto [base, candidate] = studies_of(found);
    base.machine.kernel = candidate.machine.cpu_model = found.base.file;
    const std::string page = html_comparison(found, &base, &candidate);
    EXPECT_FALSE(has(page, "<img src=x"));
    EXPECT_TRUE(has(page, "&lt;/script&gt;|`a`&lt;img src=x"));
    EXPECT_EQ(count(page, "<script type=\"application/json\""), specifications(page).size());
    for (const std::string& text : specifications(page)) {
        EXPECT_TRUE(json::accept(text));
    }
}

TEST(html_comparison, of_many_cells_draws_all_ratios_and_the_rounds_of_the_first) {
    const std::string page = html_comparison(sample_comparison_of(200));
    EXPECT_EQ(chart_of(page, "forest")["datasets"]["figures"].size(), 200u);
    EXPECT_EQ(chart_of(page, "pairs")["datasets"]["figures"].size(), 24u);
    EXPECT_TRUE(has(page, "176 more figures not drawn."));
    EXPECT_LT(page.size(), 2'000'000u);
}

TEST(html_comparison, draws_no_figure_that_is_none) {
    comparison found = sample_comparison();
    found.cells[0].metrics[0].ratio = std::numeric_limits<double>::quiet_NaN();
    found.cells[1].metrics[0].ci95 = {0, std::numeric_limits<double>::infinity()};
    found.cells[3].metrics[0].pairs[0].ratio = 0;
    for (const std::string& text : specifications(html_comparison(found))) {
        EXPECT_FALSE(has(json::parse(text)["datasets"].dump(), "null")) << text.substr(0, 200);
    }
    EXPECT_EQ(chart_of(html_comparison(found), "forest")["datasets"]["figures"].size(), 4u);
}

TEST(html_comparison, of_nothing_is_still_a_page) {
    const std::string page = html_comparison({});
    EXPECT_TRUE(has(page, "<p class=\"overall inconclusive\">"));
    EXPECT_TRUE(specifications(page).empty());
}

}  // namespace
}  // namespace stratbench
