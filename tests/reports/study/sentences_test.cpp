#include "reports/study/sentences.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/model/labels.hpp"

namespace stratbench {
namespace {

using testing::HasSubstr;
using testing::Not;
using phase = explanation::phase;

struct sentence : testing::Test {
    cell_result cell, best;
    explanation why{&cell, &best, {}, {}};

    sentence() {
        best.planned.strategy = "async_process_pool";
        cell.summary.blocked_fraction = 0.71;
        cell.summary.longest_stall_ns = 14'000'000;
        for (cell_result* c : {&cell, &best}) {
            c->summary.mean_busy_cores = estimate{c == &cell ? 0.98 : 1.96, {}};
            c->summary.efficiency = estimate{c == &cell ? 0.6 : 0.95, {}};
            c->summary.makespan_ns = estimate{1e9, {}};
        }
    }
};

TEST_F(sentence, of_a_latency_names_the_phases_that_matter_by_their_share) {
    why.latency = {
        3.1e6, {{phase::waiting, 2.6e6}, {phase::dispatch, 0.4e6}, {phase::back, 0.1e6}}, false};
    EXPECT_EQ(sentence_of(why),
              "3.10 ms more per task than async_process_pool, 84 % of it waiting for the front end "
              "(blocked 71 % of the time, longest stall 14.0 ms), 13 % in dispatch and queue");
}

TEST_F(sentence, gives_times_where_a_phase_is_shorter_than_the_bests) {
    why.latency = {1e6, {{phase::dispatch, 1.5e6}, {phase::service, -0.5e6}}, true};
    EXPECT_EQ(sentence_of(why),
              "1.00 ms more per served task than async_process_pool, 1.50 ms more in dispatch and "
              "queue, 500 us less in the work itself");
}

TEST_F(sentence, is_empty_where_no_phase_has_a_part_worth_naming) {
    why.latency = {1e6, {{phase::back, 0.05e6}}, false};
    EXPECT_EQ(sentence_of(why), "");
}

TEST_F(sentence, of_a_throughput_gives_the_factor_that_loses_more_first) {
    why.throughput = {2, true, true, true};
    EXPECT_EQ(sentence_of(why),
              "50 % of async_process_pool's throughput: 0.98 instead of 1.96 cores busy, "
              "efficiency 60 % instead of 95 %; front end blocked 71 % of the time");
    why.throughput = {2, false, true, false};
    EXPECT_THAT(sentence_of(why), HasSubstr("throughput: efficiency 60 % instead of 95 %;"));
    EXPECT_THAT(sentence_of(why), Not(HasSubstr("cores")));
}

TEST_F(sentence, sets_a_factor_that_is_better_than_the_bests_against_the_loss) {
    cell.summary.efficiency = estimate{0.95, {}};
    best.summary.efficiency = estimate{0.75, {}};
    why.throughput = {1.5, true, true, true};
    EXPECT_THAT(sentence_of(why), HasSubstr("cores busy, though efficiency 95 % instead of 75 %"));
}

TEST_F(sentence, of_a_language_says_what_it_costs_and_what_its_architecture_does) {
    decomposition parts;
    parts.own = parts.native = &cell;
    parts.twin = &best;
    parts.whole = {113e3, {112e3, 114e3}};
    parts.language = {96e3, {95.1e3, 96.9e3}};
    parts.architecture = {17e3, {16e3, 18e3}};
    EXPECT_EQ(sentence_of(parts),
              "of 113 us more per task than async_process_pool 96.0 us [95.1 us, 96.9 us] are the "
              "language and 17.0 us [16.0 us, 18.0 us] are its implementation of the architecture; "
              "the values are the same bits");
    parts.architecture = {-1e3, {-3e3, 1e3}};
    parts.within_bound = true;
    EXPECT_THAT(sentence_of(parts),
                HasSubstr("are the language and nothing clear is its implementation of the "
                          "architecture; the values agree within a bound"));
    parts.architecture = {-2e3, {-3e3, -1e3}};
    EXPECT_THAT(sentence_of(parts), HasSubstr("and -2.00 us [-3.00 us, -1.00 us] are its"));
}

TEST_F(sentence, is_silent_about_a_factor_that_hardly_counts) {
    best.summary.efficiency = estimate{0.61, {}};
    why.throughput = {2, true, true, true};
    EXPECT_THAT(sentence_of(why), Not(HasSubstr("efficiency")));
    why.throughput = {2, false, true, false};
    EXPECT_EQ(sentence_of(why), "");
}

TEST_F(sentence, mentions_a_start_up_that_the_makespan_does_not_hold) {
    why.throughput = {2, true, false, true};
    cell.summary.startup_ns = estimate{5e8, {}};
    EXPECT_THAT(sentence_of(why), HasSubstr("; its start-up of 500 ms comes on top"));
    cell.summary.startup_ns = estimate{5e7, {}};
    EXPECT_THAT(sentence_of(why), Not(HasSubstr("start-up")));
}

/// An open cell that was asked for 500/s.
cell_result open_cell(std::vector<std::string_view> labels) {
    cell_result c;
    c.labels.assign(labels.begin(), labels.end());
    c.summary.asked_per_s = 500;
    c.summary.offered_per_s = 412;
    c.summary.throughput_per_s = estimate{390, {}};
    c.summary.queue_growth_per_s = 88;
    c.summary.outcomes.due = 1000;
    return c;
}

TEST(rate_note, says_what_was_held_of_what_was_asked) {
    EXPECT_EQ(rate_note(open_cell({label::rate_not_held})),
              "held 412/s of 500/s asked; the queue grew by 88/s");
}

TEST(rate_note, of_a_saturated_cell_says_what_was_served_and_what_was_not) {
    cell_result c = open_cell({label::saturated});
    c.summary.outcomes.unserved = 35;
    c.summary.outcomes.cancelled = 7;
    EXPECT_EQ(
        rate_note(c),
        "served 390/s of 500/s asked; the queue grew by 88/s; 35 of 1.00k tasks never served; "
        "7 of 1.00k tasks cancelled");
}

TEST(rate_note, is_absent_where_the_rate_was_held_or_none_was_asked) {
    EXPECT_FALSE(rate_note(open_cell({label::steal})));
    cell_result batch = open_cell({label::saturated});
    batch.summary.asked_per_s.reset();
    EXPECT_FALSE(rate_note(batch));
}

TEST(failure_note, says_which_tasks_did_not_end_well_and_what_it_took) {
    cell_result c;
    EXPECT_FALSE(failure_note(c));
    c.summary.outcomes.crashed = 12;
    c.summary.outcomes.timed_out = 3;
    EXPECT_EQ(failure_note(c), "12 tasks crashed, 3 timed out");
    c.summary.outcomes.error = 1;
    c.summary.contained = {.retries = 5, .workers_replaced = 0};
    EXPECT_EQ(failure_note(c), "1 tasks failed, 12 crashed, 3 timed out; 5 tried again");
    c.summary.outcomes = {};
    c.summary.contained.workers_replaced = 7;
    EXPECT_EQ(failure_note(c), "5 tried again, 7 workers replaced");
}

TEST(ending, says_which_cells_are_not_known_well_enough) {
    study_results study;
    study.cells.resize(2);
    for (cell_result& c : study.cells) {
        c.trials.resize(34);
        c.ended_by = study_end::rounds;
    }
    EXPECT_FALSE(ending_note(study)) << "all rounds that were planned";

    study.info.ended_by = study_end::budget;
    EXPECT_EQ(ending_note(study), "34 rounds in 34 generations until the budget was spent");

    study.plan.precision = 0.02;
    study.cells[0].ended_by = study_end::precision;
    study.cells[1].ended_by = study_end::budget;
    study.cells[1].planned.strategy = "pool_map";
    EXPECT_EQ(ending_note(study),
              "34 rounds in 34 generations until the budget was spent; known to 2 % are 1 of 2 "
              "cells, not yet " +
                  study.cells[1].planned.name());

    study.info.ended_by = study.cells[1].ended_by.emplace(study_end::precision);
    EXPECT_EQ(ending_note(study), "34 rounds in 34 generations; every cell is known to 2 %");
}

TEST(ending, counts_the_generations_that_confirm_apart_from_the_others) {
    study_results study;
    study.cells.resize(2);
    study.info.ended_by = study_end::budget;
    study.info.confirmation_from_round = 5;
    for (int generation = 0; generation < 8; ++generation) {
        trial_record trial;
        trial.round = generation;
        trial.slices.resize(3);
        study.cells[0].trials.push_back(trial);
        if (generation < 5) {
            study.cells[1].trials.push_back(trial);
        }
    }
    EXPECT_EQ(ending_note(study),
              "15 rounds in 5 generations until the budget was spent, then 9 rounds in 3 "
              "generations to confirm");
}

}  // namespace
}  // namespace stratbench
