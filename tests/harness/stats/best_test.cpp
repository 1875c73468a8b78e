#include "harness/stats/best.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace stratbench {
namespace {

/// One figure for each generation, in one round each; percent of more, as logarithms.
figures_by_round contender(const std::vector<double>& percent) {
    figures_by_round made;
    for (std::size_t i = 0; i < percent.size(); ++i) {
        made[static_cast<int>(i)][0] = 0.01 * percent[i];
    }
    return made;
}

/// One that saves so many percent of the cost of one whose figures are 0.
figures_by_round saving(std::vector<double> percent) {
    for (double& each : percent) {
        each = -100 * std::log1p(-0.01 * each);
    }
    return contender(percent);
}

/// The logarithm of the ratio at which as much is saved as on average where one has so many percent
/// more than another.
double log_of_mean_saving(const std::vector<double>& percent) {
    double sum = 0;
    for (const double each : percent) {
        sum += -std::expm1(-0.01 * each);
    }
    return -std::log1p(-sum / static_cast<double>(percent.size()));
}

TEST(best, of_one_there_is_no_comparison) {
    EXPECT_FALSE(compare_with_best(std::vector{contender({1, 2, 3})}, 0.05, 0.03));
}

TEST(best, two_generations_say_nothing) {
    EXPECT_FALSE(
        compare_with_best(std::vector{contender({10, 11}), contender({0, 0})}, 0.05, 0.03));
}

TEST(best, one_that_is_ahead_in_every_generation_is_the_only_candidate) {
    const auto found = compare_with_best(
        std::vector{contender({0, 0, 0, 0}), contender({10, 11, 9, 10}), contender({5, 5, 5, 5})},
        0.05, 0.03);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->candidates, std::vector<std::size_t>{1});
    EXPECT_EQ(found->next, 2U);
    EXPECT_NEAR(*found->lead_estimate, log_of_mean_saving({5, 6, 4, 5}), 1e-12);
    EXPECT_LT(found->lead->lo, 0.05);
    EXPECT_GT(found->lead->lo, 0.02);
    EXPECT_EQ(found->regret[1], 0);
    EXPECT_NEAR(found->estimates[0], log_of_mean_saving({10, 11, 9, 10}), 1e-12);
    EXPECT_GT(found->regret[0], 0.10) << "a bound is above the estimate";
    EXPECT_FALSE(found->times_as_many) << "it is decided";
}

TEST(best, the_only_candidate_is_never_said_to_be_behind) {
    // Student's bound on one side is above 0, his interval on both is not.
    const auto found =
        compare_with_best(std::vector{contender({49, -9, 49, -9, 49, -9, 49, -9, 49}),
                                      contender({0, 0, 0, 0, 0, 0, 0, 0, 0})},
                          0.05, 0.03);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->candidates, std::vector<std::size_t>{0});
    EXPECT_EQ(found->lead->lo, 0);
}

TEST(best, what_a_generation_does_to_all_cancels_out) {
    const auto found = compare_with_best(
        std::vector{contender({100, -50, 30, 7}), contender({98, -52.1, 27.9, 5})}, 0.05, 0.001);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->candidates, std::vector<std::size_t>{0});
    EXPECT_NEAR(*found->lead_estimate, log_of_mean_saving({2, 2.1, 2.1, 2}), 1e-9);
}

TEST(best, the_difference_in_a_generation_is_the_median_over_its_rounds) {
    figures_by_round a, b;
    for (int generation = 0; generation < 4; ++generation) {
        for (int round = 0; round < 5; ++round) {
            a[generation][round] = 0.02 + 0.0001 * generation;
            // In one round of five the other one was disturbed.
            b[generation][round] = round == 3 ? -2 : 0;
        }
    }
    const auto found = compare_with_best(std::vector{a, b}, 0.05, 0.03);
    ASSERT_TRUE(found);
    EXPECT_NEAR(*found->lead_estimate, log_of_mean_saving({2, 2.01, 2.02, 2.03}), 1e-9);
    EXPECT_EQ(found->rounds, 20);
    EXPECT_EQ(found->generations, 4);
}

TEST(best, rounds_are_paired_by_their_number) {
    figures_by_round a, b;
    for (int generation = 0; generation < 4; ++generation) {
        a[generation] = {{0, 1.02}, {1, 0.02}, {2, 5.02}};
        b[generation] = {{1, 0.0001 * generation}, {2, 5.0}, {7, 99}};
    }
    const auto found = compare_with_best(std::vector{a, b}, 0.05, 0.03);
    ASSERT_TRUE(found);
    EXPECT_NEAR(*found->lead_estimate, 0.02, 1e-3);
    EXPECT_EQ(found->rounds, 8);
}

TEST(best, one_that_left_is_compared_over_what_it_has) {
    const auto found =
        compare_with_best(std::vector{contender({10, 11, 9, 10, 10, 11}), contender({0, 0, 0, 0}),
                                      contender({9.9, 11.1, 9, 9.9, 10.1, 11})},
                          0.05, 0.03);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->candidates.size(), 2U);
    EXPECT_NEAR(found->estimates[1], 0.10, 1e-3);
    EXPECT_EQ(found->generations, 6) << "of the two best";
}

TEST(best, noise_leaves_candidates_a_bound_and_a_guess_of_what_would_decide) {
    const auto found = compare_with_best(
        std::vector{contender({4, -2, 5, -1, 3, 2}), contender({0, 0, 0, 0, 0, 0})}, 0.05, 0.03);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->candidates, (std::vector<std::size_t>{0, 1}));
    EXPECT_GT(found->regret[1], found->estimates[1]);
    EXPECT_LT(found->regret[0], found->regret[1]);
    ASSERT_TRUE(found->times_as_many);
    EXPECT_GT(*found->times_as_many, 1);
    EXPECT_LT(*found->times_as_many, 20);
}

TEST(best, the_bound_is_students_at_alpha_over_the_others) {
    // 1, 2, 3 and 4 % are saved: mean 2.5, standard error sqrt(5/3)/2 = 0.6455; t(0.95; 3) = 2.353.
    const auto found =
        compare_with_best(std::vector{saving({1, 2, 3, 4}), contender({0, 0, 0, 0})}, 0.05, 0.03);
    ASSERT_TRUE(found);
    EXPECT_NEAR(-std::expm1(-found->estimates[1]), 0.025, 1e-12);
    EXPECT_NEAR(-std::expm1(-found->regret[1]), 0.025 + 2.353 * 0.006455, 1e-5);
    // t(0.975; 3) = 3.182 on both sides.
    EXPECT_NEAR(-std::expm1(-found->behind[1].hi), 0.025 + 3.182 * 0.006455, 1e-5);
}

TEST(best, a_generation_of_many_rounds_counts_for_more_than_one_of_a_single_round) {
    figures_by_round a, b;
    for (int generation = 0; generation < 4; ++generation) {
        const int rounds = generation == 0 ? 1 : 12;
        for (int round = 0; round < rounds; ++round) {
            a[generation][round] = generation == 0 ? -0.10 : 0.02 + 0.001 * generation;
            b[generation][round] = 0;
        }
    }
    const auto found = compare_with_best(std::vector{a, b}, 0.05, 0.03);
    ASSERT_TRUE(found);
    // Weights 1/5 and three times 12/16; the parts saved are -0.0952 and 0.0208, 0.0218, 0.0227.
    const double expected = (0.2 * -0.0952 + 0.75 * (0.0208 + 0.0218 + 0.0227)) / (0.2 + 2.25);
    EXPECT_NEAR(-std::expm1(-found->estimates[1]), expected, 1e-4);
}

TEST(best, a_lead_that_is_shown_to_be_less_than_a_tie_is_one) {
    const auto contenders = std::vector{contender({1, 1.1, 0.9, 1}), contender({0, 0, 0, 0}),
                                        contender({-9, -9.1, -9, -9.2})};
    const auto found = compare_with_best(contenders, 0.05, 0.03);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->candidates, std::vector<std::size_t>{0});
    EXPECT_EQ(found->tied, (std::vector<std::size_t>{0, 1}));
    EXPECT_TRUE(found->lead);
    const auto finer = compare_with_best(contenders, 0.05, 0.005);
    ASSERT_TRUE(finer);
    EXPECT_TRUE(finer->tied.empty());
}

TEST(best, candidates_tie_where_each_is_shown_to_be_close_enough) {
    const auto contenders =
        std::vector{contender({1, -1, 1, -1, 1, -1}), contender({0, 0, 0, 0, 0, 0})};
    const auto found = compare_with_best(contenders, 0.05, 0.03);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->candidates.size(), 2U);
    EXPECT_EQ(found->tied.size(), 2U);
    EXPECT_FALSE(found->times_as_many);
    const auto finer = compare_with_best(contenders, 0.05, 0.005);
    ASSERT_TRUE(finer);
    EXPECT_TRUE(finer->tied.empty());
    EXPECT_TRUE(finer->times_as_many);
}

TEST(best, a_generation_in_which_a_queue_ran_over_weighs_no_more_than_a_whole) {
    const auto found = compare_with_best(
        std::vector{contender({20, 25, 15, 22, 400, 18}), contender({0, 0, 0, 0, 0, 0})}, 0.05,
        0.03);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->candidates, std::vector<std::size_t>{0});
    // Mean and standard error of the logarithms would be 0.83 and 0.63: no lead at all.
    EXPECT_GT(-std::expm1(-*found->lead_estimate), 0.3);
    EXPECT_LT(-std::expm1(-*found->lead_estimate), 0.4);
}

TEST(best, a_bound_that_reaches_a_whole_is_unknown) {
    const auto found = compare_with_best(
        std::vector{contender({300, 20, 400, 400}), contender({0, 0, 0, 0})}, 0.05, 0.03);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->candidates, std::vector<std::size_t>{0});
    ASSERT_TRUE(found->lead);
    EXPECT_TRUE(std::isinf(found->lead->hi));
    EXPECT_TRUE(std::isfinite(found->lead->lo));
}

TEST(best, rounds_of_one_generation_resemble_each_other_and_count_once) {
    figures_by_round a, b;
    for (int generation = 0; generation < 4; ++generation) {
        for (int round = 0; round < 25; ++round) {
            a[generation][round] = 0.01 * (generation + 1);
            b[generation][round] = 0;
        }
    }
    const auto many = compare_with_best(std::vector{a, b}, 0.05, 0.03);
    const auto few = compare_with_best(
        std::vector{contender({1, 2, 3, 4}), contender({0, 0, 0, 0})}, 0.05, 0.03);
    ASSERT_TRUE(many && few);
    EXPECT_EQ(many->rounds, 100);
    EXPECT_DOUBLE_EQ(many->regret[1], few->regret[1]);
}

}  // namespace
}  // namespace stratbench
