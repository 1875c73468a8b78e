// Two builds measured side by side; their trials are recorded instead of run.

#include <gtest/gtest.h>

#include <set>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "harness/base/spec.hpp"
#include "harness/judge/comparison/gate_scope.hpp"
#include "harness/study/gate.hpp"
#include "harness/study/study.hpp"
#include "tests/harness/study/fake_study.hpp"

namespace stratbench {
namespace {

constexpr std::size_t base = 0, candidate = 1;

/// A base and a candidate; `doubted` are the cells that fresh generations must confirm.
class fake_duel : public test::fake_study {
  public:
    fake_duel(int cells, int rounds) : fake_study(cells, rounds, 2) {
        select_for_confirmation = [this](std::span<const study_side>) {
            slices_before_doubt = slices.size();
            return doubted;
        };
    }

    std::vector<std::size_t> doubted;
    std::size_t slices_before_doubt = 0;
};

TEST(sides, each_round_runs_each_cell_once_on_each_side_shuffled_over_both) {
    fake_duel duel(4, 20);
    duel.run();
    std::set<std::vector<std::pair<std::size_t, int>>> orders;
    int base_first = 0;
    for (int round = 0; round < 20; ++round) {
        const auto order = duel.order_of(round);
        EXPECT_EQ(order.size(), 8U);
        EXPECT_EQ((std::set<std::pair<std::size_t, int>>(order.begin(), order.end())).size(), 8U);
        orders.insert(order);
        if (order.front().first == base) {
            ++base_first;
        }
    }
    EXPECT_EQ(orders.size(), 20U);
    EXPECT_GT(base_first, 2);
    EXPECT_LT(base_first, 18);
}

TEST(sides, both_are_asked_for_the_same_trials) {
    fake_duel duel(3, 2);
    duel.sides[base].study.machine.wake_up_error_ns = 20'000;
    duel.sides[candidate].study.machine.wake_up_error_ns = 20'000;
    duel.run();
    const auto asked = [&](std::size_t of) {
        std::set<std::tuple<int, int, std::uint64_t, std::string, std::int64_t>> all;
        for (const auto& [side, r] : duel.requests) {
            if (side == of) {
                all.emplace(r.round, r.planned.index, r.study_seed, r.study_id, r.pacing_spin_ns);
            }
        }
        return all;
    };
    EXPECT_EQ(asked(base), asked(candidate));
    EXPECT_EQ(asked(candidate).size(), 6U);
}

TEST(sides, both_are_saved_after_each_round_with_whole_rounds_only) {
    fake_duel duel(2, 3);
    duel.interrupt_after = 7;  // near the end of the second round
    duel.run();
    for (const std::size_t side : {base, candidate}) {
        ASSERT_EQ(duel.saved[side].size(), 2U);
        for (const study_results& so_far : duel.saved[side]) {
            for (const cell_result& c : so_far.cells) {
                EXPECT_EQ(c.trials.size(), 1U);
            }
        }
        EXPECT_TRUE(duel.saved[side].back().info.interrupted());
    }
}

TEST(sides, nothing_is_confirmed_where_nothing_is_doubted) {
    fake_duel duel(2, 9);
    duel.run();
    EXPECT_EQ(duel.slices.size(), 36U);
    EXPECT_FALSE(duel.sides[base].study.info.confirmation_from_round);
    EXPECT_FALSE(duel.sides[candidate].study.info.confirmation_from_round);
}

TEST(sides, doubted_cells_alone_are_confirmed_on_both_sides_by_fresh_rounds) {
    fake_duel duel(3, 9);
    duel.doubted = {1};
    duel.run();
    EXPECT_EQ(duel.slices_before_doubt, 54U) << "asked once, when the rounds are over";
    EXPECT_EQ(duel.slices.size(), 54U + 18);
    for (const std::size_t side : {base, candidate}) {
        EXPECT_EQ(duel.sides[side].study.info.confirmation_from_round, 9);
        EXPECT_EQ(duel.trials(side, 0), 9U);
        EXPECT_EQ(duel.trials(side, 2), 9U);
        ASSERT_EQ(duel.trials(side, 1), 18U);
        for (int round = 0; round < 18; ++round) {
            EXPECT_EQ(duel.result(side, 1).trials[static_cast<std::size_t>(round)].round, round);
        }
    }
}

TEST(sides, six_rounds_confirm_at_least_however_few_there_were_and_whatever_the_budget) {
    fake_duel few(1, 2);
    few.doubted = {0};
    few.run();
    EXPECT_EQ(few.trials(candidate, 0), 2U + 6);

    fake_duel poor(1, 40);
    for (study_side& side : poor.sides) {
        side.study.plan.budget_ns = 1;
    }
    poor.doubted = {0};
    poor.run();
    EXPECT_EQ(poor.trials(candidate, 0), 1U + 6);
    EXPECT_EQ(poor.sides[candidate].study.info.ended_by, study_end::budget);
}

TEST(sides, interrupted_while_confirming_keeps_whole_rounds) {
    fake_duel duel(2, 9);
    duel.doubted = {0};
    duel.interrupt_after = 36 + 5;  // in the middle of the third
    duel.run();
    for (const std::size_t side : {base, candidate}) {
        EXPECT_EQ(duel.trials(side, 0), 9U + 2);
        EXPECT_EQ(duel.trials(side, 1), 9U);
        EXPECT_TRUE(duel.saved[side].back().info.interrupted());
        EXPECT_EQ(duel.saved[side].back().info.confirmation_from_round, 9);
    }
}

TEST(sides, it_is_their_ratio_that_must_be_precise) {
    // The machine has a fast and a slow round in turns; both sides meet both.
    fake_duel steady(1, 40);
    for (study_side& side : steady.sides) {
        side.study.plan.precision = 0.02;
    }
    steady.throughput = [](const fake_duel::slice& each) {
        return (each.round % 2 == 0 ? 1.0 : 2.0) * (each.side == candidate ? 0.9 : 1);
    };
    steady.run();
    EXPECT_EQ(steady.trials(candidate, 0), 10U);
    EXPECT_EQ(steady.sides[candidate].study.info.ended_by, study_end::precision);
}

TEST(sides, each_cell_says_what_ended_it) {
    fake_duel duel(2, 20);
    for (study_side& side : duel.sides) {
        side.study.plan.precision = 0.02;
    }
    duel.throughput = [](const fake_duel::slice& each) {
        return each.cell == 1 && each.side == candidate && each.round % 2 == 0 ? 2.0 : 1.0;
    };
    duel.run();
    for (const std::size_t side : {base, candidate}) {
        EXPECT_EQ(duel.result(side, 0).ended_by, study_end::precision);
        EXPECT_EQ(duel.result(side, 1).ended_by, study_end::rounds);
    }
}

TEST(gate, counts_what_it_will_look_at) {
    fake_duel duel(3, 1);
    study_plan plan = duel.sides[candidate].study.plan;
    const auto comparisons = [&](const comparison_options& asked,
                                 const std::vector<std::string>& ignore = {}) {
        return comparisons_of_gate(gateable_cells(plan), asked, ignore);
    };
    EXPECT_EQ(comparisons({}), 3);
    EXPECT_EQ(comparisons({}, {plan.cells[0].name()}), 2);
    EXPECT_EQ(comparisons({.fail_on = {metric::cpu, metric::memory}}), 6);
    EXPECT_THROW(comparisons({.fail_on = {metric::cpu, metric::p99}}), usage_error)
        << "a batch has no latency";
    plan.cells[1].skip_reason = "makes no sense";
    EXPECT_EQ(comparisons({}), 2);
    EXPECT_THROW(comparisons({}, {plan.cells[0].name(), plan.cells[2].name()}), usage_error);
}

TEST(gate, doubts_cells_in_which_something_that_it_looks_at_regressed) {
    const fake_duel duel(3, 1);
    const study_plan& plan = duel.sides[candidate].study.plan;
    comparison found;
    for (const cell& c : plan.cells) {
        compared_metric figure;
        figure.gated = c.index != 0;
        figure.result = c.index != 1 ? verdict::regressed : verdict::improved;
        compared_cell& cell_found = found.cells.emplace_back();
        cell_found.name = c.name();
        cell_found.metrics = {figure};
    }
    EXPECT_EQ(regressed_cells(found, plan), (std::vector<std::size_t>{2}));
}

TEST(sides, what_confirms_has_what_is_left_of_the_budget) {
    study_plan plan = fake_duel(2, 9).sides[base].study.plan;
    plan.budget_ns = 100;
    EXPECT_EQ(confirming_stage(plan, {1}, 2, 9, 60).budget_ns, 40);
    EXPECT_EQ(confirming_stage(plan, {1}, 2, 9, 130).budget_ns, 1) << "0 would be no limit";
    plan.budget_ns = 0;
    EXPECT_EQ(confirming_stage(plan, {1}, 2, 9, 60).budget_ns, 0);
}

}  // namespace
}  // namespace stratbench
