#include "harness/judge/ranking.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "harness/model/labels.hpp"
#include "tests/harness/judge/ranking_fixture.hpp"

namespace stratbench {
namespace {

using fixture::batch_cell;
using fixture::open_cell;
using fixture::study_of;
using names = std::vector<std::string>;

/// A study and its ranking, which points into it.
struct ranked {
    explicit ranked(std::vector<cell_result> cells)
        : study(study_of(std::move(cells))), groups(rank(study)) {}
    const ranked_group* operator->() const { return &groups.front(); }
    study_results study;
    std::vector<ranked_group> groups;
};

names order(const ranked_group& group) {
    names result;
    for (const auto& entry : group.entries) {
        result.push_back(entry.cell->planned.strategy);
    }
    return result;
}

TEST(ranking, a_clear_winner_stands_alone) {
    const auto study = study_of({batch_cell("slow", {100, 101, 99, 100, 100}),
                                 batch_cell("fast", {200, 201, 199, 202, 198}),
                                 batch_cell("middle", {150, 151, 149, 150, 150})});
    const auto groups = rank(study);
    ASSERT_EQ(groups.size(), 1U);
    EXPECT_EQ(groups[0].metric, metric::throughput);
    EXPECT_EQ(order(groups[0]), (names{"fast", "middle", "slow"}));
    EXPECT_EQ(groups[0].answer.state, answer_state::winner);
    EXPECT_EQ(groups[0].answer.pick, "fast");
    EXPECT_EQ(groups[0].answer.candidates, names{"fast"});
    EXPECT_EQ(groups[0].answer.regret_bound, 0);
    EXPECT_EQ(groups[0].verdict.substr(0, 36), "fast wins: 1.33 x the next, middle [")
        << groups[0].verdict;
    EXPECT_LT(groups[0].entries[2].behind->lo, 2);
    EXPECT_GT(groups[0].entries[2].behind->hi, 2);
    EXPECT_NEAR(*groups[0].entries[2].best_is_better_by, 2, 0.01);
    EXPECT_EQ(groups[0].entries[0].best_is_better_by, 1);
}

TEST(ranking, noise_larger_than_the_difference_leaves_a_pick_that_is_not_far_behind) {
    const auto study = study_of({batch_cell("a", {100, 110, 90, 105, 95}),
                                 batch_cell("b", {101, 95, 108, 90, 106}),
                                 batch_cell("far", {10, 11, 10, 10, 11})});
    const ranked_group group = rank(study)[0];
    EXPECT_EQ(group.answer.state, answer_state::undecided);
    EXPECT_EQ(group.answer.candidates.size(), 2U);
    EXPECT_GT(group.answer.regret_bound, 0.03);
    EXPECT_LT(group.answer.regret_bound, 0.5);
    EXPECT_EQ(group.verdict.substr(0, 5), "pick ") << group.verdict;
    EXPECT_NE(group.verdict.find("behind the best"), std::string::npos) << group.verdict;
    EXPECT_FALSE(group.entries[2].may_be_best);
}

TEST(ranking, rounds_are_paired_so_that_what_they_share_cancels_out) {
    // Each round has its own weather, tenfold; within each round `a` is 5 % ahead.
    const auto study = study_of(
        {batch_cell("a", {105, 1050, 210, 526, 315}), batch_cell("b", {100, 1000, 200, 500, 300})});
    EXPECT_EQ(rank(study)[0].answer.candidates, names{"a"});
}

TEST(ranking, pairs_by_the_number_of_the_round_and_not_by_position) {
    auto a = batch_cell("a", {105, 1050, 210, 526, 315});
    auto b = batch_cell("b", {100, 1000, 200, 500, 300});
    std::reverse(b.trials.begin(), b.trials.end());
    EXPECT_EQ(ranked({a, b})->answer.candidates, names{"a"});
}

TEST(ranking, many_contenders_make_each_comparison_stricter) {
    // Two-sided p of this pair is about 0.03: enough alone, not among ten.
    const auto a = batch_cell("a", {103, 101, 104, 100.5, 101});
    const auto b = batch_cell("b", {100, 100, 100, 100, 100});
    std::vector<cell_result> many{a, b};
    EXPECT_EQ(ranked(many)->answer.candidates, names{"a"});
    for (int i = 0; i < 8; ++i) {
        many.push_back(batch_cell("noisy" + std::to_string(i), {60, 140, 90, 110, 100}));
    }
    const names candidates = ranked(many)->answer.candidates;
    EXPECT_NE(std::ranges::find(candidates, "b"), candidates.end());
    many.resize(2);
    for (int i = 0; i < 8; ++i) {
        many.push_back(batch_cell("far" + std::to_string(i), {10, 10, 10, 10, 10}));
    }
    EXPECT_EQ(ranked(many)->answer.candidates, names{"a"}) << "who is beaten does not count";
}

TEST(ranking, two_rounds_are_too_few) {
    const ranked group({batch_cell("a", {200, 200}), batch_cell("b", {100, 100})});
    EXPECT_TRUE(group->answer.candidates.empty());
    EXPECT_EQ(group->verdict, "no answer: 2 generations are too few; use --rounds 20");
    EXPECT_EQ(ranked({batch_cell("a", {2}), batch_cell("b", {1})})->verdict,
              "no answer: 1 generation is too few; use --rounds 20");
}

TEST(ranking, equal_figures_are_a_tie) {
    const ranked group({batch_cell("a", {5, 5, 5}), batch_cell("b", {5, 5, 5})});
    EXPECT_EQ(group->answer.state, answer_state::tie);
    EXPECT_EQ(group->verdict.substr(0, 20), "a and b tie within 0") << group->verdict;
}

/// Nobody knows which is better: from generation to generation one is ahead by `percent`, then the
/// other, and `a` a little more often.
std::vector<cell_result> two_in_turns(double percent) {
    const double more = 100 + percent, less = 100 - percent;
    return {batch_cell("b", {100, 100, 100, 100, 100, 100, 100}),
            batch_cell("a", {more, less, more, less, more, less, more})};
}

TEST(ranking, a_tie_is_as_wide_as_it_was_asked_to_be_and_no_wider) {
    auto study = study_of(two_in_turns(4));
    study.plan.tie = 0.03;
    const answer narrow = rank(study)[0].answer;
    EXPECT_EQ(narrow.state, answer_state::undecided);
    study.plan.tie = 0.045;
    EXPECT_EQ(rank(study)[0].answer.state, answer_state::tie);
    EXPECT_GT(narrow.regret_bound, 0.02);
}

TEST(ranking, an_undecided_group_has_the_pick_that_can_be_least_far_behind) {
    auto study = study_of(two_in_turns(6));
    const ranked_group group = rank(study)[0];
    ASSERT_EQ(group.answer.state, answer_state::undecided);
    EXPECT_EQ(group.answer.pick, "a");
    for (const ranked_group::entry& e : group.entries) {
        EXPECT_GE(e.behind->hi, 1 + group.answer.regret_bound) << e.cell->planned.strategy;
    }
}

TEST(ranking, reference_failed_and_skipped_cells_come_last_and_never_win) {
    auto reference = batch_cell("simd", {900, 900, 900});
    reference.planned.reference = true;
    auto failed = batch_cell("broken", {});
    failed.state = status::failed;
    auto skipped = batch_cell("senseless", {});
    skipped.state = status::skipped;
    const ranked group(
        {reference, failed, skipped, batch_cell("a", {10, 10, 10}), batch_cell("b", {20, 20, 20})});
    EXPECT_EQ(order(group.groups[0]), (names{"b", "a", "simd", "broken", "senseless"}));
    EXPECT_EQ(group->answer.candidates, names{"b"});
    EXPECT_FALSE(group->entries[3].value);
    EXPECT_FALSE(group->entries[3].best_is_better_by);
}

TEST(ranking, a_strategy_alone_wins_nothing) {
    const ranked group({batch_cell("a", {10, 10, 10})});
    EXPECT_TRUE(group->answer.candidates.empty());
    EXPECT_EQ(group->verdict, "no answer: only one strategy to rank");
}

TEST(ranking, open_loads_are_ranked_by_latency_lowest_first) {
    const ranked result(
        {open_cell("a", {900, 901, 899, 900, 900}), open_cell("b", {300, 301, 299, 300, 300})});
    ASSERT_EQ(result.groups.size(), 2U);
    EXPECT_EQ(result->metric, metric::p50);
    EXPECT_EQ(result.groups[1].metric, metric::p99);
    EXPECT_EQ(order(result.groups[0]), (names{"b", "a"}));
    EXPECT_EQ(result->verdict.substr(0, 41), "b wins: p50 latency 3.00 x lower than the")
        << result->verdict;
    EXPECT_NEAR(*result->entries[1].best_is_better_by, 3, 0.01);
}

TEST(ranking, a_lead_without_an_upper_bound_says_so) {
    const ranked result({open_cell("runs_over", {360, 9000, 9000, 9000}),
                         open_cell("keeps_up", {300, 301, 299, 300})});
    EXPECT_EQ(result->answer.pick, "keeps_up");
    EXPECT_EQ(result->verdict.substr(result->verdict.size() - 9), " or more]") << result->verdict;
}

TEST(ranking, has_no_p99_group_where_the_leaders_p99_is_refused) {
    const ranked result({open_cell("a", {900, 901, 899}), open_cell("b", {300, 301, 299})});
    EXPECT_EQ(result.groups.size(), 1U);
}

TEST(ranking, a_saturated_cell_cannot_win_latency) {
    auto quick = open_cell("dropping", {100, 100, 100});
    quick.labels.emplace_back(label::saturated);
    const auto a = open_cell("a", {300, 301, 299}), b = open_cell("b", {900, 901, 899});
    ranked group({quick, a, b});
    EXPECT_EQ(order(group.groups[0]), (names{"a", "b", "dropping"}));
    EXPECT_EQ(group->answer.candidates, names{"a"});
    group = ranked({quick, a});
    EXPECT_EQ(group->verdict, "a wins: the only one that keeps up");
    group = ranked({quick});
    EXPECT_EQ(group->verdict, "no answer: no strategy can win");
}

TEST(ranking, a_latency_that_is_only_a_bound_cannot_win) {
    auto quick = open_cell("giving_up", {100, 100, 100});
    quick.summary.latency_ns->p50.censored = true;
    EXPECT_EQ(ranked({quick, open_cell("a", {300, 301, 299}), open_cell("b", {900, 901, 899})})
                  ->answer.candidates,
              names{"a"});
}

/// `cell` again, its trials given what `change` says.
template <class Change>
cell_result with(cell_result cell, Change change) {
    for (trial_record& trial : cell.trials) {
        change(trial);
    }
    cell.summary = summarise(cell.planned, cell.trials);
    return cell;
}

TEST(ranking, a_cell_faster_than_its_cpus_allow_gets_no_verdict) {
    // 4 CPUs and a task of 1 ms: 4,000 a second is all that can be.
    const auto miracle = with(batch_cell("miracle", {5000, 5001, 4999}),
                              [](trial_record& t) { t.cpu.serial_task_ns = 1e6; });
    const auto a = batch_cell("a", {300, 301, 299}), b = batch_cell("b", {100, 101, 99});
    const ranked group({miracle, a, b});
    EXPECT_EQ(group->answer.candidates, names{"a"});
    EXPECT_EQ(order(group.groups[0]), (names{"a", "b", "miracle"}));
    EXPECT_NE(group->verdict.find("withheld, faster than the CPUs allow: miracle"),
              std::string::npos)
        << group->verdict;
}

TEST(ranking, a_cell_that_did_more_work_than_its_cpu_time_allows_gets_no_verdict) {
    const auto cheap = with(batch_cell("cheap", {500, 501, 499}),
                            [](trial_record& t) { t.cpu.efficiency = 1.1 + 0.001 * t.round; });
    const auto a = batch_cell("a", {300, 301, 299}), b = batch_cell("b", {100, 101, 99});
    EXPECT_EQ(ranked({cheap, a, b})->answer.candidates, names{"a"});
}

TEST(ranking, what_a_change_of_the_cpus_speed_explains_is_not_impossible) {
    auto quick = with(batch_cell("quick", {500, 501, 499}),
                      [](trial_record& t) { t.cpu.efficiency = 1.1 + 0.001 * t.round; });
    const auto a = batch_cell("a", {300, 301, 299}), b = batch_cell("b", {100, 101, 99});
    quick.summary.speed_spread = 0.05;
    EXPECT_EQ(ranked({quick, a, b})->answer.candidates, names{"a"});
    quick.summary.speed_spread = 0.3;
    EXPECT_EQ(ranked({quick, a, b})->answer.candidates, names{"quick"});
}

TEST(ranking, a_single_trial_that_looks_too_fast_is_noise) {
    const auto noisy = with(batch_cell("noisy", {3900, 3901, 4200}),
                            [](trial_record& t) { t.cpu.serial_task_ns = 1e6; });
    const auto a = batch_cell("a", {300, 301, 299});
    EXPECT_EQ(ranked({noisy, a})->answer.candidates, names{"noisy"});
}

TEST(ranking, strategies_with_rates_of_their_own_are_not_ranked) {
    auto a = open_cell("a", {300, 301, 299}), b = open_cell("b", {900, 901, 899});
    a.planned.load.text = b.planned.load.text = "poisson:80%own";
    a.planned.load.own_rate = b.planned.load.own_rate = true;
    const ranked group({a, b});
    EXPECT_TRUE(group->answer.candidates.empty());
    EXPECT_EQ(group->verdict, "no answer: each strategy has a rate of its own");
}

TEST(ranking, groups_stand_in_plan_order) {
    auto other = batch_cell("a", {1, 1, 1});
    other.planned.workload = "noop";
    const auto study = study_of({batch_cell("a", {1, 1, 1}), other, batch_cell("b", {2, 2, 2})});
    const auto groups = rank(study);
    ASSERT_EQ(groups.size(), 2U);
    EXPECT_EQ(groups[0].entries.size(), 2U);
    EXPECT_EQ(groups[1].group, other.planned.group());
}

}  // namespace
}  // namespace stratbench
