// What a trial's record says of the CPU time that was counted in its slices.

#include <gtest/gtest.h>

#include <cstdint>
#include <utility>

#include "harness/model/labels.hpp"
#include "harness/trial/slice_sum.hpp"

namespace stratbench {
namespace {

/// A trial on two CPUs, of two slices that ran for so long and used so much CPU time each.
trial_record record_of(double ran_s, double cpu_s) {
    cell planned;
    planned.cpus = 2;
    slice_sum sum(planned);
    for (int round = 0; round < 2; ++round) {
        slice_result slice;
        slice.round = round;
        slice.figures.cpu.user_s = cpu_s;
        slice.figures.outcomes.ok = 100;
        slice.ran_ns = static_cast<std::int64_t>(ran_s * 1e9);
        sum.add(std::move(slice));
    }
    trial_record started;
    started.cpu.serial_task_ns = cpu_s * 1e9 / 100;
    return sum.record(started);
}

TEST(busy_cores, are_those_that_were_counted) {
    const trial_record found = record_of(0.1, 0.15);
    EXPECT_NEAR(found.cpu.mean_busy_cores, 1.5, 1e-9);
    EXPECT_TRUE(found.cpu.efficiency);
    EXPECT_FALSE(has_label(found.labels, label::cpu_withheld));
    EXPECT_EQ(record_of(0.1, 0.2005).cpu.mean_busy_cores, 2) << "the error of two readings";
}

TEST(busy_cores, that_the_machine_does_not_have_are_withheld) {
    const trial_record found = record_of(0.1, 0.221);
    EXPECT_EQ(found.cpu.mean_busy_cores, 0);
    EXPECT_FALSE(found.cpu.efficiency);
    EXPECT_TRUE(has_label(found.labels, label::cpu_withheld));
}

TEST(busy_cores, of_windows_shorter_than_a_tick_are_withheld) {
    for (const double cpu_s : {1e-6, 1e-5, 1e-3}) {
        const trial_record found = record_of(5e-6, cpu_s);
        EXPECT_EQ(found.cpu.mean_busy_cores, 0) << cpu_s;
        EXPECT_TRUE(has_label(found.labels, label::cpu_withheld)) << cpu_s;
    }
}

}  // namespace
}  // namespace stratbench
