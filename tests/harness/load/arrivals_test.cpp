#include "harness/load/arrivals.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "harness/base/clock.hpp"
#include "harness/base/spec.hpp"
#include "harness/load/trace_file.hpp"
#include "tests/cells.hpp"
#include "tests/temporary_file.hpp"
#include "tests/units.hpp"

namespace stratbench {
namespace {

cell with_load(load_plan load) {
    return test::noop_cell(std::move(load), 1'000 * ms);
}

cell poisson_cell() {
    return with_load(
        {.kind = load_plan::shape::poisson, .text = "poisson:20000/s", .rate_per_s = 20'000});
}

std::vector<std::int64_t> due_times(arrivals& load) {
    const std::uint64_t count = load.due_by(never_ns - 1);
    std::vector<std::int64_t> due;
    for (std::uint64_t id = 0; id < count; ++id) {
        due.push_back(load.due_ns(id));
    }
    return due;
}

TEST(arrivals, of_a_batch_are_all_due_when_the_window_opens) {
    const auto load =
        make_arrivals(with_load({.kind = load_plan::shape::batch, .text = "", .tasks = 7}), 1, 0);
    EXPECT_EQ(load->due_by(0), 7U);
    EXPECT_EQ(load->next_ns(), never_ns);
    EXPECT_EQ(load->due_ns(6), 0);
}

TEST(arrivals, of_a_poisson_load_have_the_asked_rate_and_exponential_gaps) {
    const auto load = make_arrivals(poisson_cell(), 42, 0);
    const std::vector<std::int64_t> due = due_times(*load);
    // 20,000 expected; four standard deviations are 566.
    EXPECT_NEAR(static_cast<double>(due.size()), 20'000, 566);
    double sum = 0;
    double squares = 0;
    std::int64_t before = 0;
    for (const std::int64_t at : due) {
        EXPECT_GE(at, before);
        const auto gap = static_cast<double>(at - before);
        sum += gap;
        squares += gap * gap;
        before = at;
    }
    EXPECT_LT(due.back(), 1'000 * ms);
    const auto n = static_cast<double>(due.size());
    const double mean = sum / n;
    const double deviation = std::sqrt(squares / n - mean * mean);
    EXPECT_NEAR(deviation / mean, 1.0, 0.03) << "an exponential's deviation is its mean";
}

TEST(arrivals, are_the_same_for_every_strategy_and_fresh_in_every_round) {
    cell other = poisson_cell();
    other.strategy = "pool_map";
    other.workers = 4;
    const auto first = make_arrivals(poisson_cell(), 42, 3);
    const auto same = make_arrivals(other, 42, 3);
    const auto next_round = make_arrivals(poisson_cell(), 42, 4);
    const auto other_study = make_arrivals(poisson_cell(), 43, 3);
    const std::vector<std::int64_t> due = due_times(*first);
    EXPECT_EQ(due, due_times(*same));
    EXPECT_NE(due, due_times(*next_round));
    EXPECT_NE(due, due_times(*other_study));
}

TEST(arrivals, of_a_trickle_come_at_even_steps_from_the_start) {
    const auto load = make_arrivals(
        with_load({.kind = load_plan::shape::trickle, .text = "", .tasks = 4, .every_ns = 5 * ms}),
        1, 0);
    EXPECT_EQ(load->due_by(0), 1U);
    EXPECT_EQ(load->next_ns(), 5 * ms);
    EXPECT_EQ(due_times(*load), (std::vector<std::int64_t>{0, 5 * ms, 10 * ms, 15 * ms}));
    EXPECT_EQ(load->next_ns(), never_ns);
}

TEST(arrivals, become_due_at_their_instant_and_not_before) {
    const auto load = make_arrivals(
        with_load({.kind = load_plan::shape::constant, .text = "", .rate_per_s = 1000}), 1, 0);
    EXPECT_EQ(load->due_by(ms - 1), 1U);
    EXPECT_EQ(load->due_by(ms), 2U);
    EXPECT_EQ(load->most(), 1000U);
}

TEST(arrivals, of_an_even_rate_all_lie_before_the_windows_end) {
    for (const std::int64_t window : {1L, 7L, 60L, 120L, 123L, 400L, 1000L}) {
        cell c = with_load({.kind = load_plan::shape::constant, .text = "", .rate_per_s = 1000});
        c.window_ns = window * ms;
        EXPECT_EQ(make_arrivals(c, 1, 0)->most(), static_cast<std::uint64_t>(window));
    }
}

cell producer_cell(std::uint64_t jobs, std::uint64_t queue) {
    return with_load({.kind = load_plan::shape::producer,
                      .text = "",
                      .tasks = jobs,
                      .every_ns = 10 * ms,
                      .queue = queue});
}

TEST(arrivals, of_a_producer_come_at_its_pace_while_the_queue_has_room) {
    const auto load = make_arrivals(producer_cell(3, 10), 1, 0);
    EXPECT_EQ(load->due_by(25 * ms), 3U);
    EXPECT_EQ(load->due_ns(2), 20 * ms);
    EXPECT_EQ(load->next_ns(), never_ns);
    EXPECT_EQ(load->back_pressure_ns(), 0);
}

TEST(arrivals, of_a_producer_are_held_up_by_a_full_queue_until_the_front_end_takes_from_it) {
    const auto load = make_arrivals(producer_cell(4, 2), 1, 0);
    // Ready at 0, 10 and 20 ms; the queue of two holds the first two, the third is in its hands.
    EXPECT_EQ(load->due_by(50 * ms), 2U);
    EXPECT_EQ(load->next_ns(), never_ns) << "it waits for the front end, not for an instant";
    load->taken(1, 60 * ms);
    EXPECT_EQ(load->due_by(60 * ms), 3U);
    EXPECT_EQ(load->due_ns(2), 20 * ms) << "due when it was ready, not when there was room";
    EXPECT_EQ(load->back_pressure_ns(), 40 * ms);
    EXPECT_EQ(load->next_ns(), 70 * ms) << "it rests after putting, as the source does";
    load->taken(3, 65 * ms);
    EXPECT_EQ(load->due_by(70 * ms), 4U);
    EXPECT_EQ(load->next_ns(), never_ns);
}

TEST(arrivals, of_a_producer_sum_up_all_the_times_that_it_was_held_up) {
    const auto load = make_arrivals(producer_cell(4, 1), 1, 0);
    // The queue of one holds the first; the second is ready at 10 ms.
    EXPECT_EQ(load->due_by(30 * ms), 1U);
    load->taken(1, 30 * ms);
    EXPECT_EQ(load->back_pressure_ns(), 20 * ms);
    // The third is ready at 40 ms.
    EXPECT_EQ(load->due_by(45 * ms), 2U);
    load->taken(2, 45 * ms);
    EXPECT_EQ(load->back_pressure_ns(), 25 * ms);
    // The fourth is ready at 55 ms, and there is room.
    load->taken(3, 50 * ms);
    EXPECT_EQ(load->due_by(60 * ms), 4U);
    EXPECT_EQ(load->back_pressure_ns(), 25 * ms);
}

cell burst_cell(double rate_per_s, std::uint64_t size) {
    return with_load({.kind = load_plan::shape::burst,
                      .text = "burst",
                      .rate_per_s = rate_per_s,
                      .burst = size});
}

TEST(arrivals, of_bursts_come_in_groups_with_the_asked_mean_rate_and_exponential_gaps) {
    const auto load = make_arrivals(burst_cell(200'000, 10), 42, 0);
    const std::vector<std::int64_t> due = due_times(*load);
    ASSERT_EQ(due.size() % 10, 0U);
    const auto bursts = static_cast<double>(due.size()) / 10;
    EXPECT_NEAR(bursts, 20'000, 566) << "four standard deviations";
    double sum = 0, squares = 0;
    for (std::size_t i = 0; i < due.size(); i += 10) {
        EXPECT_EQ(due[i], due[i + 9]);
        const auto gap = static_cast<double>(due[i] - (i == 0 ? 0 : due[i - 1]));
        sum += gap;
        squares += gap * gap;
    }
    const double mean = sum / bursts;
    EXPECT_NEAR(std::sqrt(squares / bursts - mean * mean) / mean, 1.0, 0.03);
    EXPECT_LT(due.back(), 1'000 * ms);
}

TEST(arrivals, of_bursts_of_one_are_those_of_poisson) {
    cell bursts = burst_cell(20'000, 1);
    bursts.load.text = poisson_cell().load.text;
    EXPECT_EQ(due_times(*make_arrivals(bursts, 42, 0)),
              due_times(*make_arrivals(poisson_cell(), 42, 0)));
}

TEST(arrivals, of_bursts_are_fresh_in_every_round_and_the_same_for_every_strategy) {
    cell other = burst_cell(500, 5);
    other.strategy = "pool_map";
    const auto due = due_times(*make_arrivals(burst_cell(500, 5), 42, 3));
    EXPECT_EQ(due, due_times(*make_arrivals(other, 42, 3)));
    EXPECT_NE(due, due_times(*make_arrivals(other, 42, 4)));
}

TEST(arrivals, of_a_trace_are_those_of_the_file_in_every_round) {
    const test::temporary_file file("0.001\n0.004\n0.004\n");
    const cell c =
        with_load({.kind = load_plan::shape::trace,
                   .text = "trace",
                   .trace = trace_plan{file.path(), 2, read_trace(file.path(), 2).hash}});
    const std::vector<std::int64_t> due = {ms / 2, 2 * ms, 2 * ms};
    EXPECT_EQ(due_times(*make_arrivals(c, 1, 0)), due);
    EXPECT_EQ(due_times(*make_arrivals(c, 2, 1)), due);
}

TEST(arrivals, of_a_trace_that_has_changed_since_the_plan_are_refused) {
    const test::temporary_file file("0\n1\n");
    const cell c =
        with_load({.kind = load_plan::shape::trace,
                   .text = "trace",
                   .trace = trace_plan{file.path(), 1, read_trace(file.path(), 1).hash}});
    file.write("0\n2\n");
    EXPECT_THROW(make_arrivals(c, 1, 0), usage_error);
}

cell closed_cell(std::uint64_t outstanding, std::uint64_t tasks = 1000) {
    return with_load(
        {.kind = load_plan::shape::closed, .text = "", .tasks = tasks, .outstanding = outstanding});
}

TEST(arrivals, of_a_closed_load_are_due_when_a_slot_was_freed) {
    const auto load = make_arrivals(closed_cell(3), 1, 0);
    EXPECT_EQ(load->due_by(0), 3U);
    EXPECT_EQ(load->due_ns(2), 0);
    EXPECT_EQ(load->due_by(400 * ms), 3U) << "none of them has ended";
    EXPECT_EQ(load->next_ns(), never_ns);
    EXPECT_TRUE(load->follows_endings());
    load->freed(2, 410 * ms);
    EXPECT_EQ(load->due_by(409 * ms), 3U) << "not before its instant";
    EXPECT_EQ(load->due_by(410 * ms), 5U);
    EXPECT_EQ(load->due_ns(3), 410 * ms);
    EXPECT_EQ(load->due_ns(4), 410 * ms);
}

TEST(arrivals, of_a_closed_load_stay_in_order_though_two_threads_end_tasks_in_another) {
    const auto load = make_arrivals(closed_cell(2), 1, 0);
    load->freed(1, 20 * ms);
    load->freed(1, 19 * ms);
    EXPECT_EQ(load->due_by(30 * ms), 4U);
    EXPECT_EQ(load->due_ns(3), 20 * ms);
}

TEST(arrivals, of_a_closed_load_end_with_the_window_however_late_an_ending_is_heard_of) {
    const auto load = make_arrivals(closed_cell(3), 1, 0);
    load->freed(1, 999 * ms);
    load->freed(1, 1'000 * ms);
    EXPECT_EQ(load->due_by(1'001 * ms), 4U) << "freed within the window, and taken after it";
    EXPECT_FALSE(load->follows_endings());
    load->freed(1, 999 * ms);
    EXPECT_EQ(load->due_by(1'002 * ms), 4U) << "nobody would take it any more";
}

TEST(arrivals, of_a_closed_load_end_when_there_is_no_more_room_to_record_them) {
    const auto load = make_arrivals(closed_cell(3, 5), 1, 0);
    EXPECT_EQ(load->most(), 5U);
    load->freed(3, 10 * ms);
    EXPECT_EQ(load->due_by(20 * ms), 5U);
    EXPECT_FALSE(load->follows_endings());
}

}  // namespace
}  // namespace stratbench
