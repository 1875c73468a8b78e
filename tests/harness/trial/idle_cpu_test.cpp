// A trial that waits for its turn, in this process: what its tree does meanwhile is the test's.

#include <gtest/gtest.h>

#include "harness/base/clock.hpp"
#include "harness/base/sleep.hpp"
#include "harness/model/labels.hpp"
#include "harness/trial/trial.hpp"
#include "tests/harness/trial/trial_fixture.hpp"
#include "tests/sanitized.hpp"
#include "tests/units.hpp"

namespace stratbench {
namespace {

/// Longer than a look at what may be the end of a slice.
constexpr std::int64_t turn_of_another_ns = 300 * ms;

/// The record of a trial of two slices that does `meanwhile` between them.
template <class F>
trial_record waiting(F&& meanwhile) {
    const trial_request request = fixture::request_for("sync", "sqrt_log:n=3000");
    trial running(request);
    EXPECT_TRUE(running.measure(0));
    meanwhile();
    EXPECT_TRUE(running.measure(1));
    trial_record record = running.finish();
    EXPECT_EQ(record.state, status::ok) << record.reason;
    return record;
}

/// Until it has had a fifth of a CPU, however busy the machine is.
void burn() {
    const std::int64_t began = now_ns(), before = thread_cpu_ns();
    std::int64_t waited = 0;
    do {
        waited = now_ns() - began;
    } while (waited < turn_of_another_ns || 5 * (thread_cpu_ns() - before) < waited);
}

TEST(idle_cpu, is_the_label_of_a_trial_that_uses_the_cpu_while_it_waits_for_its_turn) {
    EXPECT_TRUE(has_label(waiting(burn).labels, label::idle_cpu));
}

TEST(idle_cpu, is_no_label_of_a_trial_that_sleeps_while_it_waits_for_its_turn) {
    if (test::sanitized) {
        GTEST_SKIP() << "a sanitizer's runtime has threads that wake up";
    }
    const trial_record record = waiting([] { sleep_until(now_ns() + turn_of_another_ns); });
    EXPECT_FALSE(has_label(record.labels, label::idle_cpu));
}

}  // namespace
}  // namespace stratbench
