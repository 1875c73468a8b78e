// Who is alive when, who has how many slices, and who leaves; trials are recorded instead of run.

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/clock.hpp"
#include "harness/base/hash.hpp"
#include "harness/plan/request.hpp"
#include "harness/study/study.hpp"
#include "tests/harness/judge/recorded_trials.hpp"

namespace stratbench {
namespace {

class stage_play {
  public:
    explicit stage_play(int cells) {
        study.plan = test::plan_of(cells);
        study.plan.rounds = most_rounds;
    }

    study_results run() {
        return run_study(
            {.study = study,
             .start =
                 [this](const trial_request& request, std::int64_t, const std::atomic<bool>&) {
                     return std::make_unique<actor>(*this, request);
                 }},
            {.stop = stop});
    }

    /// How many slices each trial of a cell had.
    [[nodiscard]] static std::vector<std::size_t> slices(const cell_result& of) {
        std::vector<std::size_t> counts;
        for (const trial_record& trial : of.trials) {
            counts.push_back(trial.slices.size());
        }
        return counts;
    }

    study_results study;
    std::atomic<bool> stop = false;
    std::function<double(int cell, int round)> throughput = [](int, int) { return 1; };
    std::function<void(int cell)> during_a_slice = [](int) {};
    int fails = -1;  ///< this cell, in round 1
    std::set<int> alive;
    std::size_t most_alive = 0;
    /// Groups of those that were alive at once.
    std::set<std::string> together;
    std::vector<std::pair<int, int>> turns;  ///< round and cell

  private:
    class actor final : public running_trial {
      public:
        actor(stage_play& in, const trial_request& request) : play_(in), what_(request.planned) {
            record_.round = request.round;
            play_.alive.insert(what_.index);
            play_.most_alive = std::max(play_.most_alive, play_.alive.size());
            std::string groups;
            for (const int each : play_.alive) {
                groups += play_.study.plan.cells[static_cast<std::size_t>(each)].group() + ";";
            }
            play_.together.insert(groups);
        }
        ~actor() override { play_.alive.erase(what_.index); }

        bool measure(int round, std::int64_t) override {
            play_.turns.emplace_back(round, what_.index);
            play_.during_a_slice(what_.index);
            if (what_.index == play_.fails && round == 1) {
                record_.state = status::failed;
                record_.reason = "a wrong answer";
                record_.slices.clear();
                return false;
            }
            slice_record& slice = record_.slices.emplace_back();
            slice.round = round;
            slice.throughput_per_s = play_.throughput(what_.index, round);
            record_.throughput_per_s = slice.throughput_per_s;
            return true;
        }
        trial_record finish(std::int64_t) override { return record_; }

      private:
        stage_play& play_;
        cell what_;
        trial_record record_;
    };
};

/// Small and different in each round.
double jitter(int cell, int round) {
    return 1 + 0.001 * static_cast<double>(mix64(static_cast<std::uint64_t>(cell),
                                                 static_cast<std::uint64_t>(round)) %
                                           10);
}

TEST(generations, share_out_the_rounds_and_the_first_have_one_more) {
    stage_play play(2);
    play.study.plan.rounds = 10;
    play.study.plan.generations = 4;
    const study_results results = play.run();
    EXPECT_EQ(play.slices(results.cells[0]), (std::vector<std::size_t>{3, 3, 2, 2}));
    EXPECT_EQ(finished_generations(results), 4);
    EXPECT_EQ(finished_rounds(results), 10);
    std::set<int> rounds;
    for (const auto& [round, cell] : play.turns) {
        rounds.insert(round);
    }
    EXPECT_EQ(rounds.size(), 10U) << "each has a number of its own";
}

TEST(generations, have_the_trials_of_a_group_alive_together_and_no_other) {
    stage_play play(5);
    for (const std::size_t i : {3U, 4U}) {
        play.study.plan.cells[i].workload = "noop";
    }
    play.study.plan.rounds = 4;
    play.study.plan.generations = 2;
    play.run();
    EXPECT_EQ(play.most_alive, 3U);
    EXPECT_TRUE(play.alive.empty());
    for (const std::string& groups : play.together) {
        const std::string first = groups.substr(0, groups.find(';') + 1);
        EXPECT_EQ(groups.size() % first.size(), 0U) << groups;
        EXPECT_EQ(groups.substr(groups.size() - first.size()), first) << groups;
    }
}

TEST(generations, have_each_trial_once_in_a_round_in_an_order_of_its_own) {
    stage_play play(6);
    play.study.plan.rounds = 8;
    play.study.plan.generations = 2;
    play.run();
    std::map<int, std::vector<int>> orders;
    for (const auto& [round, cell] : play.turns) {
        orders[round].push_back(cell);
    }
    std::set<std::vector<int>> different;
    for (auto& [round, order] : orders) {
        different.insert(order);
        std::ranges::sort(order);
        EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3, 4, 5}));
    }
    EXPECT_EQ(different.size(), 8U);
}

TEST(generations, have_one_slice_of_a_load_that_is_a_story) {
    stage_play play(2);
    for (cell& c : play.study.plan.cells) {
        c.load.kind = load_plan::shape::trickle;
        c.load.every_ns = 1;
    }
    play.study.plan.rounds = 12;
    play.study.plan.generations = 3;
    EXPECT_EQ(play.slices(play.run().cells[0]), (std::vector<std::size_t>{1, 1, 1}));
}

TEST(generations, let_a_trial_that_failed_rest_and_the_others_go_on) {
    stage_play play(3);
    play.study.plan.rounds = 6;
    play.study.plan.generations = 2;
    play.fails = 1;
    const study_results results = play.run();
    EXPECT_EQ(results.cells[1].state, status::failed);
    EXPECT_EQ(play.slices(results.cells[0]), (std::vector<std::size_t>{3, 3}));
    EXPECT_EQ(std::ranges::count(play.turns, std::pair{2, 1}), 0) << "it failed in round 1";
}

TEST(generations, let_a_trial_rest_that_has_used_its_part_of_the_time) {
    stage_play play(3);
    play.study.plan.budget_ns = 1'200'000'000;
    play.study.plan.generations = 1;
    play.during_a_slice = [](int cell) {
        const std::int64_t until = now_ns() + (cell == 0 ? 150'000'000 : 1'000'000);
        while (now_ns() < until) {
        }
    };
    const study_results results = play.run();
    const std::size_t slow = play.slices(results.cells[0]).front(),
                      quick = play.slices(results.cells[1]).front();
    EXPECT_GE(slow, 2U);
    EXPECT_LT(slow, quick);
}

TEST(answered, a_study_ends_when_its_question_is_answered) {
    stage_play play(3);
    play.throughput = [](int cell, int round) { return (1 + 0.2 * cell) * jitter(cell, round); };
    const study_results results = play.run();
    EXPECT_EQ(results.info.ended_by, study_end::decided);
    EXPECT_EQ(finished_generations(results), generations_before_answers);
    for (const cell_result& c : results.cells) {
        EXPECT_EQ(c.ended_by, study_end::decided);
    }
}

TEST(answered, who_cannot_be_the_best_leaves_and_keeps_its_figures) {
    stage_play play(3);
    play.study.plan.budget_ns = 1'000'000'000;
    play.during_a_slice = [](int) {
        const std::int64_t until = now_ns() + 500'000;
        while (now_ns() < until) {
        }
    };
    // Two that nobody can tell apart, nor call a tie, and one that is far behind.
    play.throughput = [](int cell, int round) {
        return cell == 0 ? 0.5
                         : 1 + 0.05 * static_cast<double>(mix64(static_cast<std::uint64_t>(cell),
                                                                static_cast<std::uint64_t>(round)) %
                                                          20);
    };
    play.study.plan.tie = 0.0001;
    const study_results results = play.run();
    EXPECT_EQ(results.cells[0].ended_by, study_end::decided);
    EXPECT_EQ(results.cells[0].trials.size(), static_cast<std::size_t>(generations_before_answers));
    EXPECT_GT(results.cells[1].trials.size(), results.cells[0].trials.size());
    EXPECT_EQ(results.cells[1].trials.size(), results.cells[2].trials.size());
}

TEST(answered, a_fixed_number_of_rounds_is_measured_however_clear_the_answer_is) {
    stage_play play(2);
    play.study.plan.rounds = 40;
    play.study.plan.generations = 8;
    play.throughput = [](int cell, int round) { return (1 + cell) * jitter(cell, round); };
    const study_results results = play.run();
    EXPECT_EQ(results.info.ended_by, study_end::rounds);
    EXPECT_EQ(finished_rounds(results), 40);
}

}  // namespace
}  // namespace stratbench
