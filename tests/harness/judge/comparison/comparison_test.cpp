#include "harness/judge/comparison/comparison.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/harness/judge/comparison/comparison_fixture.hpp"

namespace stratbench {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// One cell, measured in one interleaved study; the new build's throughput is `factor` of the
/// base's, and scatters in another way.
comparison one_cell(double factor, int rounds, const comparison_options& asked = {},
                    const char* other_study = "s") {
    return compare(
        file_of("s", {measured_cell_of("a", scattered(1000, rounds))}),
        file_of(other_study, {measured_cell_of("a", scattered(1000 * factor, rounds, 1))}), asked);
}

const compared_metric& only(const comparison& found) {
    return found.cells.at(0).metrics.at(0);
}

TEST(compare, says_regressed_of_a_clear_slowdown) {
    const comparison found = one_cell(0.9, 15);
    EXPECT_TRUE(found.paired);
    EXPECT_EQ(only(found).result, verdict::regressed);
    EXPECT_EQ(found.overall(), verdict::regressed);
    EXPECT_NEAR(only(found).ratio, 0.9, 0.01);
    EXPECT_NEAR(only(found).times_worse(), 1 / 0.9, 0.01);
    EXPECT_LT(*only(found).p_adjusted, 0.01);
    EXPECT_EQ(only(found).pairs.size(), 15U);
    EXPECT_TRUE(only(found).gated);
    EXPECT_FALSE(only(found).unconfirmed);
    EXPECT_EQ(only(found).reason, "");
}

TEST(compare, says_improved_of_a_clear_speedup) {
    EXPECT_EQ(one_cell(1.1, 15).overall(), verdict::improved);
}

TEST(compare, knows_that_more_latency_is_worse) {
    measured_cell base = measured_cell_of("a", std::vector<double>(15, 1)), candidate = base;
    base.primary = candidate.primary = metric::p50;
    for (std::size_t i = 0; i < 15; ++i) {
        base.trials[i].figure(metric::p50) = scattered(100, 15)[i];
        candidate.trials[i].figure(metric::p50) = scattered(120, 15)[i];
    }
    const comparison found = compare(file_of("s", {base}), file_of("s", {candidate}), {});
    ASSERT_EQ(found.cells[0].metrics.size(), 2U);
    const compared_metric& p50 = found.cells[0].metrics[1];
    EXPECT_EQ(p50.result, verdict::regressed);
    EXPECT_NEAR(p50.times_worse(), 1.2, 0.01);
    EXPECT_TRUE(p50.gated);
    EXPECT_FALSE(found.cells[0].metrics[0].gated);
    EXPECT_FALSE(found.cells[0].metrics[0].p_adjusted.has_value());
}

TEST(compare, says_same_only_where_the_interval_shows_it) {
    EXPECT_EQ(one_cell(1.0, 15).overall(), verdict::same);
    const comparison few = one_cell(1.0, 2);
    EXPECT_EQ(few.overall(), verdict::inconclusive);
    EXPECT_GT(*only(few).more_rounds, 0);
}

TEST(compare, says_same_of_values_that_are_identical) {
    const measurement file = file_of("s", {measured_cell_of("a", std::vector<double>(9, 123.0))});
    const comparison found = compare(file, file, {});
    EXPECT_EQ(only(found).result, verdict::same);
    EXPECT_EQ(only(found).p, 1);
    EXPECT_EQ(only(found).ratio, 1);
}

TEST(compare, does_not_let_a_change_below_the_minimum_count) {
    const comparison found = one_cell(0.98, 40);
    EXPECT_LT(*only(found).p_adjusted, 0.01);
    EXPECT_NE(only(found).result, verdict::regressed);
    comparison_options strict;
    strict.min_effect = 0.01;
    EXPECT_EQ(one_cell(0.98, 40, strict).overall(), verdict::regressed);
}

TEST(compare, says_when_so_few_rounds_can_decide_nothing) {
    std::vector<measured_cell> base, candidate;
    for (int i = 0; i < 24; ++i) {
        const std::string name = "cell " + std::to_string(i);
        base.push_back(measured_cell_of(name, scattered(1000, 9)));
        candidate.push_back(measured_cell_of(name, scattered(500, 9, 1)));
    }
    const comparison found = compare(file_of("s", base), file_of("s", candidate), {});
    EXPECT_EQ(found.gated, 24);
    EXPECT_EQ(found.rounds_needed, 13);
    EXPECT_EQ(found.overall(), verdict::inconclusive);
    EXPECT_EQ(only(found).reason, "9 generations cannot decide 24 comparisons at 0.01: use 13");
    EXPECT_EQ(only(found).more_rounds, 4);
    EXPECT_FALSE(only(found).detectable.has_value());
}

TEST(compare, counts_the_rounds_that_can_decide) {
    EXPECT_EQ(rounds_that_can_decide(24, 0.01), 13);
    EXPECT_EQ(rounds_that_can_decide(1, 0.05), 6);
    EXPECT_EQ(rounds_that_can_decide(0, 0.01), rounds_that_can_decide(1, 0.01));
}

TEST(compare, of_a_single_round_is_inconclusive_and_says_why) {
    const comparison found = one_cell(0.5, 1);
    EXPECT_EQ(found.overall(), verdict::inconclusive);
    EXPECT_THAT(only(found).reason, HasSubstr("1 generation cannot decide anything"));
    EXPECT_FALSE(only(found).p.has_value());
    EXPECT_EQ(only(found).ci95.lo, only(found).ratio);
}

TEST(compare, pairs_only_rounds_of_one_study) {
    EXPECT_FALSE(one_cell(0.9, 15, {}, "another").paired);
    EXPECT_TRUE(only(one_cell(0.9, 15, {}, "another")).unconfirmed);
    EXPECT_TRUE(only(one_cell(0.9, 15, {}, "another")).pairs.empty());
    EXPECT_FALSE(compare(file_of("", {}), file_of("", {}), {}).paired);
}

TEST(compare, of_two_sessions_needs_an_effect_that_days_do_not_make) {
    EXPECT_EQ(one_cell(0.95, 30, {}, "t").overall(), verdict::inconclusive);
    EXPECT_THAT(only(one_cell(0.95, 30, {}, "t")).reason, HasSubstr("less than 10.0 %"));
    EXPECT_EQ(one_cell(0.80, 30, {}, "t").overall(), verdict::regressed);
    EXPECT_EQ(one_cell(1.00, 30, {}, "t").overall(), verdict::inconclusive);
    comparison_options known;
    known.min_unpaired_effect = 0;
    EXPECT_EQ(one_cell(0.95, 30, known, "t").overall(), verdict::regressed);
    EXPECT_EQ(one_cell(1.00, 30, known, "t").overall(), verdict::same);
}

/// Two cells of a group, the first its control, at these speeds.
measurement session_of(const char* study, double control, double other, double phase) {
    measurement file = file_of(study, {measured_cell_of("control", scattered(control, 20, phase)),
                                       measured_cell_of("other", scattered(other, 20, phase + 1))});
    for (measured_cell& cell : file.cells) {
        cell.group = "group";
    }
    file.cells[0].is_control = true;
    return file;
}

TEST(compare, of_two_sessions_says_what_a_cell_has_changed_beside_its_control) {
    const comparison found =
        compare(session_of("s", 1000, 2000, 0), session_of("t", 800, 1520, 2), {});
    const compared_metric &control = found.cells[0].metrics[0], &other = found.cells[1].metrics[0];
    EXPECT_TRUE(found.cells[0].is_control);
    EXPECT_TRUE(control.control_moved);
    EXPECT_FALSE(control.beside_control.has_value()) << "it cannot be held against itself";
    EXPECT_FALSE(found.cells[1].is_control);
    EXPECT_FALSE(other.control_moved);
    ASSERT_TRUE(other.beside_control.has_value());
    EXPECT_NEAR(other.ratio, 0.76, 0.01);
    EXPECT_NEAR(other.beside_control->ratio, 0.95, 0.01);
    EXPECT_LT(other.beside_control->ci95.lo, 0.95);
    EXPECT_GT(other.beside_control->ci95.hi, 0.95);
    EXPECT_LT(other.beside_control->ci95.hi, 1);
}

TEST(compare,
     of_two_sessions_stays_red_where_everything_got_slower_and_nothing_beside_the_control) {
    const comparison found =
        compare(session_of("s", 1000, 2000, 0), session_of("t", 800, 1600, 2), {});
    EXPECT_EQ(found.overall(), verdict::regressed);
    for (const compared_cell& cell : found.cells) {
        EXPECT_EQ(cell.metrics[0].result, verdict::regressed) << cell.name;
    }
    const relative_change& beside = *found.cells[1].metrics[0].beside_control;
    EXPECT_LT(beside.ci95.lo, 1);
    EXPECT_GT(beside.ci95.hi, 1);
}

TEST(compare, of_two_sessions_stays_inconclusive_where_only_the_control_got_faster) {
    const comparison found =
        compare(session_of("s", 1000, 2000, 0), session_of("t", 1300, 2000, 2), {});
    EXPECT_EQ(found.cells[1].metrics[0].result, verdict::inconclusive);
    EXPECT_LT(found.cells[1].metrics[0].beside_control->ci95.hi, 0.8);
}

TEST(compare, has_a_control_only_where_both_sessions_have_the_same_one) {
    const measurement base = session_of("s", 1000, 2000, 0);
    measurement without = session_of("t", 1000, 2000, 2);
    without.cells.erase(without.cells.begin());
    EXPECT_FALSE(only(compare(base, without, {})).beside_control.has_value());
    measurement another = session_of("t", 1000, 2000, 2);
    another.cells[1].group = "another group";
    EXPECT_FALSE(compare(base, another, {}).cells[1].metrics[0].beside_control.has_value());
    measurement renamed = session_of("t", 1000, 2000, 2);
    renamed.cells[0].name = "a control of other work";
    EXPECT_FALSE(only(compare(base, renamed, {})).beside_control.has_value());
    const comparison paired = compare(base, session_of("s", 1000, 2000, 2), {});
    EXPECT_FALSE(paired.cells[0].is_control) << "in turns the base itself is the control";
    EXPECT_FALSE(paired.cells[1].metrics[0].beside_control.has_value());
}

TEST(compare, uses_the_rounds_that_both_have) {
    measurement base = file_of("s", {measured_cell_of("a", scattered(1000, 15))});
    measurement candidate = file_of("s", {measured_cell_of("a", scattered(1000, 15, 1))});
    base.cells[0].trials.erase(base.cells[0].trials.begin() + 3);
    candidate.cells[0].trials[7].figure(metric::throughput) = measured_trial::none;
    std::swap(candidate.cells[0].trials[0], candidate.cells[0].trials[9]);
    const comparison found = compare(base, candidate, {});
    std::vector<int> rounds;
    for (const auto& pair : only(found).pairs) {
        rounds.push_back(pair.round);
    }
    EXPECT_THAT(rounds, ElementsAre(0, 1, 2, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14));
}

/// A regression that the first 15 rounds show; the 10 after them have `factor`.
comparison confirmed_by(double factor) {
    std::vector<double> candidate = scattered(900, 15, 1);
    for (const double value : scattered(1000 * factor, 10, 1)) {
        candidate.push_back(value);
    }
    measurement base = file_of("s", {measured_cell_of("a", scattered(1000, 25))});
    measurement other = file_of("s", {measured_cell_of("a", candidate)});
    base.info.confirmation_from_round = other.info.confirmation_from_round = 15;
    return compare(base, other, {});
}

TEST(compare, counts_a_regression_that_fresh_rounds_confirm) {
    const comparison found = confirmed_by(0.9);
    EXPECT_EQ(found.overall(), verdict::regressed);
    EXPECT_TRUE(only(found).confirmed->holds);
    EXPECT_EQ(only(found).confirmed->rounds, 10);
    EXPECT_NEAR(only(found).confirmed->ratio, 0.9, 0.01) << "new over base, like the ratio itself";
    EXPECT_EQ(only(found).base_trials, 15U);
    EXPECT_EQ(only(found).pairs.size(), 25U);
}

TEST(compare, does_not_count_a_regression_that_fresh_rounds_deny) {
    const comparison found = confirmed_by(1.0);
    EXPECT_EQ(found.overall(), verdict::inconclusive);
    EXPECT_FALSE(only(found).confirmed->holds);
    EXPECT_THAT(only(found).reason, HasSubstr("not confirmed: worse by 11"));
}

TEST(compare, does_not_count_a_regression_that_fresh_rounds_show_to_be_next_to_nothing) {
    const comparison found = confirmed_by(0.99);
    EXPECT_LT(only(found).confirmed->p, 0.05) << "it is not chance";
    EXPECT_FALSE(only(found).confirmed->holds);
    EXPECT_EQ(found.overall(), verdict::inconclusive);
}

TEST(compare,
     does_not_say_regressed_of_what_may_be_chance_though_the_interval_leaves_out_no_change) {
    const std::vector<double> slower = {.10,  .02, .09, -.05, .07, .11,
                                        -.03, .08, .06, -.06, .12, .05};
    std::vector<double> candidate;
    for (const double by : slower) {
        candidate.push_back(1000 * std::exp(-by));
    }
    const comparison found =
        compare(file_of("s", {measured_cell_of("a", std::vector<double>(slower.size(), 1000))}),
                file_of("s", {measured_cell_of("a", candidate)}), {});
    EXPECT_LT(only(found).ci95.hi, 1);
    EXPECT_GT(*only(found).p, 0.01);
    EXPECT_EQ(only(found).result, verdict::inconclusive);
    EXPECT_THAT(only(found).reason, HasSubstr("may be chance"));
}

TEST(compare, pairs_slices_of_the_same_round) {
    // From round to round the machine's speed changes tenfold; the new build is 10 % slower.
    const auto cell_with = [](int first_round, double factor) {
        measured_cell cell = measured_cell_of("a", std::vector<double>(9, 1000));
        for (measured_trial& trial : cell.trials) {
            for (int round = first_round; round < first_round + 3; ++round) {
                trial.slices.emplace_back(round).set_figure(metric::throughput,
                                                            factor * std::pow(10.0, round));
            }
        }
        return cell;
    };
    const comparison found =
        compare(file_of("s", {cell_with(0, 1)}), file_of("s", {cell_with(1, 0.9)}), {});
    EXPECT_NEAR(only(found).ratio, 0.9, 1e-9);
}

TEST(compare, counts_a_regression_without_fresh_rounds_as_it_is) {
    const comparison found = one_cell(0.9, 15);
    EXPECT_EQ(found.overall(), verdict::regressed);
    EXPECT_FALSE(only(found).confirmed.has_value());
}

TEST(compare, looks_at_what_it_is_told_to) {
    const measurement base = file_of("s", {measured_cell_of("a", scattered(1000, 15)),
                                           measured_cell_of("b", scattered(1000, 15))});
    const measurement candidate = file_of("s", {measured_cell_of("a", scattered(1000, 15, 1)),
                                                measured_cell_of("b", scattered(800, 15, 1))});
    EXPECT_EQ(compare(base, candidate, {}).overall(), verdict::regressed);
    const comparison ignoring = compare(base, candidate, {}, {"b"});
    EXPECT_EQ(ignoring.overall(), verdict::same);
    EXPECT_EQ(ignoring.gated, 1);
    EXPECT_TRUE(ignoring.cells[1].ignored);
    EXPECT_EQ(ignoring.cells[1].metrics[0].result, verdict::regressed);
    comparison_options by_memory;
    by_memory.fail_on = {metric::memory};
    EXPECT_EQ(compare(base, candidate, by_memory).overall(), verdict::inconclusive);
}

TEST(compare, names_cells_that_one_side_alone_has) {
    const std::vector<double> some = scattered(1000, 15);
    const comparison found =
        compare(file_of("s", {measured_cell_of("gone", some), measured_cell_of("a", some)}),
                file_of("s", {measured_cell_of("a", some), measured_cell_of("fresh", some)}), {});
    EXPECT_THAT(found.only_base, ElementsAre("gone"));
    EXPECT_THAT(found.only_candidate, ElementsAre("fresh"));
    EXPECT_EQ(found.cells.size(), 1U);
}

TEST(compare, is_not_green_where_a_cell_has_lost_its_figures) {
    const std::vector<double> some = scattered(1000, 15);
    measurement base = file_of("s", {measured_cell_of("a", some), measured_cell_of("b", some)});
    measurement candidate = base;
    candidate.cells[1].trials.clear();
    candidate.cells[1].no_figures = "wrong results";
    const comparison found = compare(base, candidate, {});
    EXPECT_TRUE(found.cells[1].lost);
    EXPECT_THAT(found.cells[1].not_compared, HasSubstr("wrong results"));
    EXPECT_EQ(found.overall(), verdict::inconclusive);
    EXPECT_EQ(compare(base, candidate, {}, {"b"}).overall(), verdict::same);
    // The other way round nothing is lost.
    EXPECT_EQ(compare(candidate, base, {}).overall(), verdict::same);
}

TEST(compare, survives_figures_that_are_none) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    const measurement odd = file_of(
        "s", {measured_cell_of("a", {0, -1, infinity, measured_trial::none, 5, 1e-5, 1e5})});
    const measurement plain = file_of("s", {measured_cell_of("a", {1, 2, 3, 4, 5, 6, 7})});
    for (const char* study : {"s", "t"}) {
        measurement other = odd;
        other.info.id = study;
        const comparison found = compare(plain, other, {});
        EXPECT_EQ(only(found).new_trials, 3U);
        EXPECT_EQ(found.overall(), verdict::inconclusive);
    }
    const measurement nothing = file_of("s", {measured_cell_of("a", {0, 0, -1})});
    const comparison empty = compare(nothing, nothing, {});
    EXPECT_NE(empty.cells[0].not_compared, "");
    EXPECT_EQ(empty.overall(), verdict::inconclusive);
    EXPECT_EQ(compare({}, {}, {}).overall(), verdict::inconclusive);
}

TEST(compare, leaves_out_figures_that_are_too_far_apart_for_a_ratio) {
    std::vector<double> apart;
    for (int i = 0; i < 20; ++i) {
        apart.push_back(i % 2 == 0 ? 1e308 : 1e-308);
    }
    const std::vector<double> even = scattered(1000, 20);
    for (const char* other : {"s", "t"}) {
        const measurement base =
            file_of("s", {measured_cell_of("a", apart), measured_cell_of("b", even)});
        const measurement now =
            file_of(other, {measured_cell_of("a", even), measured_cell_of("b", even)});
        const comparison found = compare(base, now, {});
        EXPECT_TRUE(found.cells[0].metrics.empty());
        EXPECT_TRUE(found.cells[0].lost);
        EXPECT_EQ(found.cells[0].not_compared,
                  "throughput: two trials are more than 1e+12 times apart");
        EXPECT_EQ(found.cells[1].not_compared, "") << "the other one costs it nothing";
        EXPECT_EQ(found.gated, 1);
        EXPECT_EQ(found.overall(), verdict::inconclusive);
    }
}

TEST(compare, has_finite_ratios_and_intervals_up_to_there) {
    for (const char* other : {"s", "t"}) {
        for (const auto& base : {std::vector<double>{1, 1e12}, std::vector<double>{1e12, 1e12}}) {
            const comparison found =
                compare(file_of("s", {measured_cell_of("a", base)}),
                        file_of(other, {measured_cell_of("a", {1e12, 1})}), {});
            const compared_metric& figure = found.cells.at(0).metrics.at(0);
            EXPECT_TRUE(std::isfinite(figure.ratio));
            EXPECT_TRUE(std::isfinite(figure.ci95.hi)) << figure.ci95.hi;
            EXPECT_GT(figure.ci95.lo, 0);
        }
    }
}

TEST(compare, of_trials_beyond_counting_agrees_with_that_of_few) {
    const comparison found = one_cell(0.95, 100'000);
    EXPECT_EQ(found.overall(), verdict::regressed);
    EXPECT_NEAR(only(found).ratio, 0.95, 1e-3);
    EXPECT_EQ(one_cell(0.8, 100'000, {}, "t").overall(), verdict::regressed);
}

}  // namespace
}  // namespace stratbench
