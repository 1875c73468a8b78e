// What a trial is made of: sums, medians and maxima of its slices.

#include "harness/trial/slice_sum.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>

#include "harness/model/labels.hpp"
#include "tests/cells.hpp"
#include "tests/units.hpp"

namespace stratbench {
namespace {

slice_result slice_of(int round, double throughput) {
    slice_result slice;
    slice.round = round;
    slice.ran_ns = 20 * ms;
    slice.figures.throughput_per_s = throughput;
    slice.figures.elapsed_ns = 20 * ms;
    return slice;
}

cell open_cell() {
    return test::noop_cell(
        {.kind = load_plan::shape::constant, .text = "constant:1000/s", .rate_per_s = 1000});
}

TEST(slice_sum, adds_up_outcomes_and_keeps_the_greatest_memory_and_the_median_rate) {
    const cell planned = open_cell();
    slice_sum sum(planned);
    int round = 0;
    for (const double rate : {100.0, 900.0, 300.0}) {
        slice_result slice = slice_of(round++, rate);
        slice.figures.outcomes = {.due = 10, .accepted = 10, .ok = 9, .crashed = 1};
        slice.figures.contained = {.retries = 2, .workers_replaced = 1};
        slice.figures.peak_memory_bytes = round == 2 ? 5000 : 1000;
        sum.add(std::move(slice));
    }
    const trial_record record = sum.record({});
    EXPECT_EQ(record.outcomes.due, 30U);
    EXPECT_EQ(record.outcomes.ok, 27U);
    EXPECT_EQ(record.outcomes.crashed, 3U);
    EXPECT_EQ(record.contained.retries, 6U);
    EXPECT_EQ(record.peak_memory_bytes, 5000U);
    EXPECT_DOUBLE_EQ(record.throughput_per_s, 300);
    EXPECT_EQ(record.slices.size(), 3U);
}

TEST(slice_sum, has_a_label_of_the_machine_where_most_slices_have_it) {
    const cell planned = open_cell();
    for (const int labelled : {0, 1, 2, 3, 4}) {
        slice_sum sum(planned);
        for (int round = 0; round < 4; ++round) {
            slice_result slice = slice_of(round, 1000);
            if (round < labelled) {
                slice.figures.labels.emplace_back(label::saturated);
            }
            sum.add(std::move(slice));
        }
        EXPECT_EQ(has_label(sum.record({}).labels, label::saturated), labelled > 2) << labelled;
    }
}

TEST(slice_sum, has_a_bound_that_is_the_smallest_of_its_slices) {
    const cell planned = open_cell();
    slice_sum sum(planned);
    int round = 0;
    for (const std::int64_t bound : {50 * ms, 30 * ms, 40 * ms}) {
        slice_result slice = slice_of(round++, 1000);
        slice.times.latency.add(1 * ms);
        slice.times.latency.add_censored(bound);
        sum.add(std::move(slice));
    }
    const trial_record record = sum.record({});
    ASSERT_TRUE(record.latency);
    EXPECT_EQ(record.latency->count, 6U);
    EXPECT_EQ(record.latency->censored, 3U);
    EXPECT_DOUBLE_EQ(*record.latency->censored_from, 30.0 * ms);
}

TEST(slice_sum, of_a_slice_that_failed_has_no_figure) {
    const cell planned = open_cell();
    slice_sum sum(planned);
    sum.add(slice_of(0, 1000));
    slice_result wrong = slice_of(1, 1000);
    wrong.figures.fail("a wrong answer");
    sum.add(std::move(wrong));
    const trial_record record = sum.record({});
    EXPECT_EQ(record.state, status::failed);
    EXPECT_EQ(record.reason, "a wrong answer");
    EXPECT_EQ(record.throughput_per_s, 0);
    EXPECT_TRUE(record.slices.empty());
}

}  // namespace
}  // namespace stratbench
