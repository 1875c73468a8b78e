#include "harness/judge/overall_answer.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/harness/judge/ranking_fixture.hpp"

namespace stratbench {
namespace {

using fixture::batch_cell;

/// A group of its own, of strategies with these figures in each of three generations.
void add_group(std::vector<cell_result>& cells, const std::string& workload,
               const std::vector<std::pair<std::string, double>>& strategies) {
    for (const auto& [name, figure] : strategies) {
        cells.push_back(batch_cell(name, {figure, 1.001 * figure, 0.999 * figure}));
        cells.back().planned.workload = workload;
    }
}

overall_answer answered(std::vector<cell_result> cells) {
    const study_results study = fixture::study_of(std::move(cells));
    return answer_of(rank(study));
}

TEST(overall_answer, is_the_strategy_that_is_least_far_behind_where_it_does_worst) {
    std::vector<cell_result> cells;
    add_group(cells, "noop", {{"first", 300}, {"second", 200}, {"steady", 250}});
    add_group(cells, "sum_range:n=10", {{"first", 100}, {"second", 300}, {"steady", 260}});
    const overall_answer all = answered(cells);
    EXPECT_EQ(all.pick, "steady");
    EXPECT_GT(all.worst_behind, 1.2);
    EXPECT_NE(all.headline.find("1.20 x behind where it does worst"), std::string::npos)
        << all.headline;
}

TEST(overall_answer, is_none_that_was_not_compared_in_every_group) {
    std::vector<cell_result> cells;
    add_group(cells, "noop", {{"everywhere", 200}, {"second", 100}, {"here", 300}});
    add_group(cells, "sum_range:n=10", {{"everywhere", 200}, {"second", 100}});
    EXPECT_EQ(answered(cells).pick, "everywhere");
    cells.clear();
    add_group(cells, "noop", {{"a", 200}, {"b", 100}});
    add_group(cells, "sum_range:n=10", {{"c", 200}, {"d", 100}});
    EXPECT_EQ(answered(cells).pick, "");
    EXPECT_NE(answered(cells).headline.find("choose for each of them"), std::string::npos);
}

TEST(overall_answer, of_one_group_is_none) {
    std::vector<cell_result> cells;
    add_group(cells, "noop", {{"a", 200}, {"b", 100}});
    EXPECT_EQ(answered(cells).headline, "");
}

}  // namespace
}  // namespace stratbench
