#include "harness/judge/decomposition.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "harness/model/labels.hpp"
#include "tests/harness/judge/ranking_fixture.hpp"

namespace stratbench {
namespace {

using fixture::batch_cell;
using fixture::study_of;

/// Trials whose tasks take so many us each on average, all workers together.
cell_result taking(const std::string& strategy, const std::vector<double>& us) {
    std::vector<double> throughputs;
    for (const double each : us) {
        throughputs.push_back(1e6 / each);
    }
    return batch_cell(strategy, throughputs);
}

constexpr const char* own = "python_pool_map";
constexpr const char* native = "python_pool_map:kernel=native";

std::vector<decomposition> decomposed(const study_results& study) {
    return decompose(rank(study).front());
}

TEST(decomposition, parts_what_is_the_language_from_what_is_the_architecture) {
    const study_results study = study_of({taking("pool_map", {10, 10.1, 9.9, 10, 10}),
                                          taking(own, {123, 123.1, 122.9, 123, 123}),
                                          taking(native, {27, 27.1, 26.9, 27, 27})});
    const auto found = decomposed(study);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].own->planned.strategy, own);
    EXPECT_EQ(found[0].native->planned.strategy, native);
    EXPECT_EQ(found[0].twin->planned.strategy, "pool_map");
    EXPECT_NEAR(found[0].whole.mean, 113e3, 1);
    EXPECT_NEAR(found[0].language.mean, 96e3, 1);
    EXPECT_NEAR(found[0].architecture.mean, 17e3, 1);
    EXPECT_TRUE(found[0].language.clear());
    EXPECT_TRUE(found[0].architecture.clear());
    EXPECT_FALSE(found[0].within_bound);
}

TEST(decomposition, needs_all_three_and_enough_generations) {
    const cell_result twin = taking("pool_map", {10, 10, 11}), slow = taking(own, {99, 99, 98}),
                      fast = taking(native, {27, 28, 27});
    EXPECT_EQ(decomposed(study_of({twin, slow, fast})).size(), 1U);
    EXPECT_TRUE(decomposed(study_of({twin, slow})).empty());
    EXPECT_TRUE(decomposed(study_of({twin, fast})).empty());
    EXPECT_TRUE(decomposed(study_of({slow, fast})).empty());
    EXPECT_TRUE(decomposed(study_of({twin, slow, taking(native, {27})})).size() == 1U)
        << "the whole is clear, its parts are not";
    EXPECT_TRUE(decomposed(study_of({taking("pool_map", {10}), slow, fast})).empty());
    cell_result failed = slow;
    failed.state = status::failed;
    EXPECT_TRUE(decomposed(study_of({twin, failed, fast})).empty());
    EXPECT_TRUE(decomposed(study_of({taking("exec:cmd=./mine", {9, 9, 9}), twin})).empty());
}

TEST(decomposition, compares_the_mean_latency_where_the_group_is_ranked_by_latency) {
    const auto served = [](const std::string& strategy, double waiting_ns) {
        std::vector<trial_record> trials;
        for (int round = 0; round < 5; ++round) {
            trial_record t = fixture::with_latency(fixture::trial(round, 500), 1000, waiting_ns);
            t.phases = phase_means{waiting_ns + 10 * round, 1000, 2000, 500};
            trials.push_back(t);
        }
        return fixture::cell_of(strategy, std::move(trials), load_plan::shape::poisson);
    };
    const auto found =
        decomposed(study_of({served("pool_map", 1e5), served(own, 9e5), served(native, 3e5)}));
    ASSERT_EQ(found.size(), 1U);
    EXPECT_NEAR(found[0].language.mean, 6e5, 1);
    EXPECT_NEAR(found[0].architecture.mean, 2e5, 1);
}

TEST(decomposition, says_whether_values_were_held_to_a_bound) {
    cell_result mine = taking(own, {99, 99, 98});
    mine.labels.emplace_back(label::sums_within_bound);
    const study_results study =
        study_of({taking("pool_map", {10, 10, 11}), mine, taking(native, {27, 28, 27})});
    ASSERT_EQ(decomposed(study).size(), 1U);
    EXPECT_TRUE(decomposed(study)[0].within_bound);
}

}  // namespace
}  // namespace stratbench
