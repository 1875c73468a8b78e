#include "harness/study/study.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "harness/study/rounds/round_order.hpp"
#include "tests/harness/judge/recorded_trials.hpp"

namespace stratbench {
namespace {

/// A study of `cells` cells whose trials are recorded instead of run.
class fake_study {
  public:
    fake_study(int cells, int rounds) {
        study.plan = test::plan_of(cells);
        study.plan.rounds = rounds;
    }

    study_results run() {
        return run_study({.study = study,
                          .start = test::recorded([this](const trial_request& request, std::int64_t,
                                                         const std::atomic<bool>& stop_) {
                              if (launched.size() == interrupt_after) {
                                  stop = true;
                              }
                              if (stop_) {
                                  throw interrupted();
                              }
                              const bool dies = launched.size() == dies_after;
                              if (dies) {
                                  stop = true;
                              }
                              launched.emplace_back(request.round, request.planned.index);
                              trial_record record;
                              record.throughput_per_s = throughput(request.round);
                              if (dies || request.planned.index == failing) {
                                  record.state = status::failed;
                                  record.reason = "a wrong answer";
                              }
                              return record;
                          }),
                          .save = [this](const study_results& so_far) { saved.push_back(so_far); }},
                         {.stop = stop});
    }

    [[nodiscard]] std::vector<int> order_of(int round) const {
        std::vector<int> order;
        for (const auto& [r, index] : launched) {
            if (r == round) {
                order.push_back(index);
            }
        }
        return order;
    }

    study_results study;
    std::vector<std::pair<int, int>> launched;
    std::vector<study_results> saved;
    std::atomic<bool> stop = false;
    std::size_t interrupt_after = 1'000'000;
    std::size_t dies_after = 1'000'000;
    int failing = -1;
    std::function<double(int round)> throughput = [](int) { return 1; };
};

TEST(study, each_round_runs_each_cell_once) {
    fake_study fake(8, 3);
    const study_results results = fake.run();
    for (int round = 0; round < 3; ++round) {
        const auto order = fake.order_of(round);
        EXPECT_EQ(order.size(), 8U);
        EXPECT_EQ(std::set<int>(order.begin(), order.end()).size(), 8U);
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
    other.study.plan.seed = 18;
    first.run();
    second.run();
    other.run();
    EXPECT_NE(first.order_of(0), first.order_of(1));
    EXPECT_NE(first.order_of(1), first.order_of(2));
    EXPECT_FALSE(std::ranges::is_sorted(first.order_of(0)));
    EXPECT_EQ(first.launched, second.launched);
    EXPECT_NE(first.launched, other.launched);
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
    ASSERT_EQ(fake.saved.size(), 3U);
    for (std::size_t i = 0; i < 3; ++i) {
        for (const cell_result& c : fake.saved[i].cells) {
            EXPECT_EQ(c.trials.size(), i + 1);
        }
        EXPECT_FALSE(fake.saved[i].info.interrupted());
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
    ASSERT_FALSE(fake.saved.empty());
    EXPECT_TRUE(fake.saved.back().info.interrupted());
    EXPECT_EQ(fake.launched.size(), 6U);
}

TEST(study, ends_when_every_cell_is_precise_enough_but_not_before_ten_rounds) {
    fake_study fake(3, 40);
    fake.study.plan.precision = 0.02;
    const study_results results = fake.run();
    EXPECT_EQ(results.info.ended_by, study_end::precision);
    EXPECT_EQ(finished_generations(results), 10);
}

TEST(study, goes_on_while_a_cell_is_not_precise_enough) {
    // Rounds differ by 20 %, so that 2 % need about 1.25^2 x (2.03 x 0.1 / 0.02)^2 = 160 of them.
    fake_study fake(1, 1000);
    fake.study.plan.precision = 0.02;
    fake.throughput = [](int round) { return round % 2 == 0 ? 1.0 : 1.22; };
    const study_results results = fake.run();
    EXPECT_EQ(results.info.ended_by, study_end::precision);
    EXPECT_GT(finished_generations(results), 120);
    EXPECT_LT(finished_generations(results), 200);
}

TEST(study, a_failed_cell_does_not_keep_a_study_from_being_precise) {
    fake_study fake(2, 40);
    fake.failing = 1;
    fake.study.plan.precision = 0.02;
    EXPECT_EQ(finished_generations(fake.run()), 10);
}

TEST(study, has_one_round_at_least_and_none_beyond_its_budget) {
    fake_study fake(3, 40);
    fake.study.plan.budget_ns = 1;
    const study_results results = fake.run();
    EXPECT_EQ(results.info.ended_by, study_end::budget);
    EXPECT_EQ(finished_generations(results), 1);
    EXPECT_EQ(fake.saved.back().info.ended_by, study_end::budget);

    fake_study rich(3, 4);
    rich.study.plan.budget_ns = 3'600'000'000'000;
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
    EXPECT_TRUE(fake.saved.empty());
}

TEST(study, a_failed_trial_fails_its_cell_and_the_others_go_on) {
    fake_study fake(3, 2);
    fake.failing = 1;
    const study_results results = fake.run();
    EXPECT_EQ(results.cells[1].state, status::failed);
    EXPECT_EQ(results.cells[1].reason, "a wrong answer");
    EXPECT_EQ(results.cells[1].trials.size(), 2U) << "it stays listed";
    EXPECT_EQ(results.cells[0].state, status::ok);
    EXPECT_EQ(results.cells[2].trials.size(), 2U);
}

TEST(study, skipped_cells_are_recorded_with_their_reason_and_not_run) {
    fake_study fake(3, 1);
    fake.study.plan.cells[2].skip_reason = "makes no sense";
    const study_results results = fake.run();
    EXPECT_EQ(results.cells[2].state, status::skipped);
    EXPECT_EQ(results.cells[2].reason, "makes no sense");
    EXPECT_EQ(fake.launched.size(), 2U);
}

}  // namespace
}  // namespace stratbench
