#include "harness/study/study.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <set>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

#include "harness/study/rounds/round_order.hpp"
#include "tests/harness/study/fake_study.hpp"

namespace stratbench {
namespace {

using test::fake_study;

TEST(study, each_round_runs_each_cell_once) {
    fake_study fake(8, 3);
    const study_results results = fake.run();
    for (int round = 0; round < 3; ++round) {
        const auto order = fake.order_of(round);
        EXPECT_EQ(order.size(), 8U);
        EXPECT_EQ(std::set(order.begin(), order.end()).size(), 8U);
    }
    for (const cell_result& c : results.cells) {
        ASSERT_EQ(c.trials.size(), 3U);
        for (int round = 0; round < 3; ++round) {
            EXPECT_EQ(c.trials[static_cast<std::size_t>(round)].round, round);
        }
        EXPECT_EQ(c.summary.trials, 3);
    }
}

TEST(study, rounds_are_shuffled_each_in_its_own_order_and_again_the_same_for_the_same_seed) {
    fake_study first(8, 3), second(8, 3), other(8, 3);
    other.plan().seed = 18;
    first.run();
    second.run();
    other.run();
    EXPECT_NE(first.order_of(0), first.order_of(1));
    EXPECT_NE(first.order_of(1), first.order_of(2));
    EXPECT_FALSE(std::ranges::is_sorted(first.order_of(0)));
    EXPECT_EQ(first.slices, second.slices);
    EXPECT_NE(first.slices, other.slices);
}

TEST(study, every_cell_comes_first_about_equally_often) {
    const std::vector<std::size_t> cells = {0, 1, 2, 3};
    std::vector<int> first(4);
    for (int round = 0; round < 4000; ++round) {
        ++first[round_order(cells, 1, 17, round)[0].cell];
    }
    for (const int times : first) {
        EXPECT_NEAR(times, 1000, 150);
    }
}

TEST(study, finished_rounds_are_saved_after_each_round) {
    fake_study fake(4, 3);
    fake.run();
    ASSERT_EQ(fake.saved[0].size(), 3U);
    for (std::size_t i = 0; i < 3; ++i) {
        for (const cell_result& c : fake.saved[0][i].cells) {
            EXPECT_EQ(c.trials.size(), i + 1);
        }
        EXPECT_FALSE(fake.saved[0][i].info.interrupted());
    }
}

TEST(study, an_interrupted_study_keeps_its_finished_rounds_and_says_so) {
    fake_study fake(4, 3);
    fake.interrupt_after = 6;  // in the middle of the second round
    const study_results results = fake.run();
    EXPECT_TRUE(results.info.interrupted());
    for (const cell_result& c : results.cells) {
        EXPECT_EQ(c.trials.size(), 1U);
    }
    ASSERT_FALSE(fake.saved[0].empty());
    EXPECT_TRUE(fake.saved[0].back().info.interrupted());
    EXPECT_EQ(fake.slices.size(), 6U);
}

TEST(study, ends_when_every_cell_is_precise_enough_but_not_before_ten_rounds) {
    fake_study fake(3, 40);
    fake.plan().precision = 0.02;
    const study_results results = fake.run();
    EXPECT_EQ(results.info.ended_by, study_end::precision);
    EXPECT_EQ(finished_generations(results), 10);
}

TEST(study, goes_on_while_a_cell_is_not_precise_enough) {
    // Rounds differ by 20 %, so that 2 % need about 1.25^2 x (2.03 x 0.1 / 0.02)^2 = 160 of them.
    fake_study fake(1, 1000);
    fake.plan().precision = 0.02;
    fake.throughput = [](const fake_study::slice& each) {
        return each.round % 2 == 0 ? 1.0 : 1.22;
    };
    const study_results results = fake.run();
    EXPECT_EQ(results.info.ended_by, study_end::precision);
    EXPECT_GT(finished_generations(results), 120);
    EXPECT_LT(finished_generations(results), 200);
}

TEST(study, a_failed_cell_does_not_keep_a_study_from_being_precise) {
    fake_study fake(2, 40);
    fake.fails = [](const fake_study::slice& each) { return each.cell == 1; };
    fake.plan().precision = 0.02;
    EXPECT_EQ(finished_generations(fake.run()), 10);
}

TEST(study, has_one_round_at_least_and_none_beyond_its_budget) {
    fake_study fake(3, 40);
    fake.plan().budget_ns = 1;
    const study_results results = fake.run();
    EXPECT_EQ(results.info.ended_by, study_end::budget);
    EXPECT_EQ(finished_generations(results), 1);
    EXPECT_EQ(fake.saved[0].back().info.ended_by, study_end::budget);

    fake_study rich(3, 4);
    rich.plan().budget_ns = 3'600'000'000'000;
    EXPECT_EQ(rich.run().info.ended_by, study_end::rounds);
}

TEST(study, a_trial_that_dies_of_the_interruption_itself_fails_no_cell) {
    fake_study fake(2, 2);
    fake.dies_after = 3;  // the last trial of the last round
    const study_results results = fake.run();
    EXPECT_TRUE(results.info.interrupted());
    for (const cell_result& c : results.cells) {
        EXPECT_EQ(c.state, status::ok);
    }
}

TEST(study, a_study_without_a_finished_round_saves_nothing) {
    fake_study fake(4, 3);
    fake.interrupt_after = 2;
    EXPECT_EQ(finished_generations(fake.run()), 0);
    EXPECT_TRUE(fake.saved[0].empty());
}

TEST(study, a_failed_trial_fails_its_cell_and_the_others_go_on) {
    fake_study fake(3, 2);
    fake.fails = [](const fake_study::slice& each) { return each.cell == 1; };
    const study_results results = fake.run();
    EXPECT_EQ(results.cells[1].state, status::failed);
    EXPECT_EQ(results.cells[1].reason, "a wrong answer");
    EXPECT_EQ(results.cells[1].trials.size(), 2U) << "it stays listed";
    EXPECT_EQ(results.cells[0].state, status::ok);
    EXPECT_EQ(results.cells[2].trials.size(), 2U);
}

TEST(study, a_group_whose_trials_the_system_has_no_processes_for_ends_the_study_in_one_sentence) {
    fake_study fake(4, 3);
    const trial_starter start = fake.sides[0].start;
    fake.sides[0].start = [&](const auto&... all) {
        if (fake.requests.size() == 6) {
            throw std::system_error(EAGAIN, std::generic_category(), "the limit on processes");
        }
        return start(all...);
    };
    try {
        fake.run();
        FAIL() << "it went on";
    } catch (const std::runtime_error& error) {
        EXPECT_EQ(std::string(error.what())
                      .find("2 of the 4 trials that take turns could be "
                            "started: the limit on processes"),
                  0U)
            << error.what();
    }
    EXPECT_TRUE(fake.alive.empty());
    ASSERT_EQ(fake.saved[0].size(), 1U) << "the generation before stays";
    EXPECT_EQ(finished_generations(fake.saved[0][0]), 1);
}

TEST(study, skipped_cells_are_recorded_with_their_reason_and_not_run) {
    fake_study fake(3, 1);
    fake.plan().cells[2].skip_reason = "makes no sense";
    const study_results results = fake.run();
    EXPECT_EQ(results.cells[2].state, status::skipped);
    EXPECT_EQ(results.cells[2].reason, "makes no sense");
    EXPECT_EQ(fake.slices.size(), 2U);
}

}  // namespace
}  // namespace stratbench
