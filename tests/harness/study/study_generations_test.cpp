// Who is alive when, who has how many slices, and who leaves; trials are recorded instead of run.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "harness/base/clock.hpp"
#include "harness/base/hash.hpp"
#include "harness/base/sleep.hpp"
#include "harness/plan/request.hpp"
#include "harness/study/study.hpp"
#include "tests/harness/study/fake_study.hpp"

namespace stratbench {
namespace {

using test::fake_study;

/// How many slices each trial of a cell had.
std::vector<std::size_t> slices_of(const cell_result& cell) {
    std::vector<std::size_t> counts;
    for (const trial_record& trial : cell.trials) {
        counts.push_back(trial.slices.size());
    }
    return counts;
}

/// A number below `limit` that is the cell's own in each round.
double drawn(const fake_study::slice& each, std::uint64_t limit) {
    return static_cast<double>(
        mix64(static_cast<std::uint64_t>(each.cell), static_cast<std::uint64_t>(each.round)) %
        limit);
}

/// Small and different in each round.
double jitter(const fake_study::slice& each) {
    return 1 + 0.001 * drawn(each, 10);
}

TEST(generations, share_out_the_rounds_and_the_first_have_one_more) {
    fake_study play(2);
    play.plan().rounds = 10;
    play.plan().generations = 4;
    const study_results results = play.run();
    EXPECT_EQ(slices_of(results.cells[0]), (std::vector<std::size_t>{3, 3, 2, 2}));
    EXPECT_EQ(finished_generations(results), 4);
    EXPECT_EQ(finished_rounds(results), 10);
    std::set<int> rounds;
    for (const auto& [side, round, cell] : play.slices) {
        rounds.insert(round);
    }
    EXPECT_EQ(rounds.size(), 10U) << "each has a number of its own";
}

TEST(generations, have_the_trials_of_a_group_alive_together_and_no_other) {
    fake_study play(5);
    for (const std::size_t i : {3U, 4U}) {
        play.plan().cells[i].workload = "noop";
    }
    play.plan().rounds = 4;
    play.plan().generations = 2;
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
    fake_study play(6);
    play.plan().rounds = 8;
    play.plan().generations = 2;
    play.run();
    std::map<int, std::vector<int>> orders;
    for (const auto& [side, round, cell] : play.slices) {
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
    fake_study play(2);
    for (cell& c : play.plan().cells) {
        c.load.kind = load_plan::shape::trickle;
        c.load.every_ns = 1;
    }
    play.plan().rounds = 12;
    play.plan().generations = 3;
    EXPECT_EQ(slices_of(play.run().cells[0]), (std::vector<std::size_t>{1, 1, 1}));
}

TEST(generations, let_a_trial_that_failed_rest_and_the_others_go_on) {
    fake_study play(3);
    play.plan().rounds = 6;
    play.plan().generations = 2;
    play.fails = [](const fake_study::slice& each) { return each.cell == 1 && each.round == 1; };
    const study_results results = play.run();
    EXPECT_EQ(results.cells[1].state, status::failed);
    EXPECT_EQ(slices_of(results.cells[0]), (std::vector<std::size_t>{3, 3}));
    EXPECT_EQ(std::ranges::count(play.slices, fake_study::slice{0, 2, 1}), 0)
        << "it failed in round 1";
}

TEST(generations, let_a_trial_rest_that_has_used_its_part_of_the_time) {
    fake_study play(3);
    play.plan().budget_ns = 1'200'000'000;
    play.plan().generations = 1;
    play.during_a_slice = [](int cell) {
        const std::int64_t until = now_ns() + (cell == 0 ? 150'000'000 : 1'000'000);
        while (now_ns() < until) {
        }
    };
    const study_results results = play.run();
    const std::size_t slow = slices_of(results.cells[0]).front(),
                      quick = slices_of(results.cells[1]).front();
    EXPECT_GE(slow, 2U);
    EXPECT_LT(slow, quick);
}

TEST(generations, leave_the_others_their_part_where_a_slice_of_one_takes_more_than_all) {
    fake_study play(3);
    // Of what the first slice leaves to the others a second goes by before they are short of it.
    play.plan().budget_ns = 2'000'000'000;
    play.plan().generations = 1;
    play.during_a_slice = [](int cell) {
        if (cell == 0) {
            sleep_until(now_ns() + 2'100'000'000);
        }
    };
    const study_results results = play.run();
    EXPECT_EQ(slices_of(results.cells[0]).front(), 1U);
    EXPECT_GT(slices_of(results.cells[1]).front(), 2U);
}

TEST(answered, a_study_ends_when_its_question_is_answered) {
    fake_study play(3);
    play.throughput = [](const fake_study::slice& each) {
        return (1 + 0.2 * each.cell) * jitter(each);
    };
    const study_results results = play.run();
    EXPECT_EQ(results.info.ended_by, study_end::decided);
    EXPECT_EQ(finished_generations(results), generations_before_answers);
    for (const cell_result& c : results.cells) {
        EXPECT_EQ(c.ended_by, study_end::decided);
    }
}

TEST(answered, who_cannot_be_the_best_leaves_and_keeps_its_figures) {
    fake_study play(3);
    play.plan().budget_ns = 1'000'000'000;
    play.during_a_slice = [](int) {
        const std::int64_t until = now_ns() + 500'000;
        while (now_ns() < until) {
        }
    };
    // Two that nobody can tell apart, nor call a tie, and one that is far behind.
    play.throughput = [](const fake_study::slice& each) {
        return each.cell == 0 ? 0.5 : 1 + 0.05 * drawn(each, 20);
    };
    play.plan().tie = 0.0001;
    const study_results results = play.run();
    EXPECT_EQ(results.cells[0].ended_by, study_end::decided);
    EXPECT_EQ(results.cells[0].trials.size(), static_cast<std::size_t>(generations_before_answers));
    EXPECT_GT(results.cells[1].trials.size(), results.cells[0].trials.size());
    EXPECT_EQ(results.cells[1].trials.size(), results.cells[2].trials.size());
}

TEST(answered, a_fixed_number_of_rounds_is_measured_however_clear_the_answer_is) {
    fake_study play(2);
    play.plan().rounds = 40;
    play.plan().generations = 8;
    play.throughput = [](const fake_study::slice& each) { return (1 + each.cell) * jitter(each); };
    const study_results results = play.run();
    EXPECT_EQ(results.info.ended_by, study_end::rounds);
    EXPECT_EQ(finished_rounds(results), 40);
}

}  // namespace
}  // namespace stratbench
