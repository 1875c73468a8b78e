// Where slices begin, of a trial in this process: its strategy works on the thread that calls.

#include <gtest/gtest.h>
#include <sched.h>

#include "harness/measure/cpu_mask.hpp"
#include "harness/trial/trial.hpp"
#include "tests/harness/trial/trial_fixture.hpp"

namespace stratbench {
namespace {

/// The number of the CPU that each of a mask is, in rising order.
std::vector<int> numbers_of(const cpu_mask& all) {
    const kept_affinity before;
    std::vector<int> numbers;
    for (int i = 0; i < all.count(); ++i) {
        all.single(i).confine_this_thread();
        numbers.push_back(sched_getcpu());
    }
    return numbers;
}

TEST(first_cpu, is_another_in_each_round_and_the_thread_keeps_all_its_cpus) {
    const kept_affinity before;  // a trial confines the thread to as many as its cell has
    const std::vector<int> cpus = numbers_of(before.all);
    if (cpus.size() < 2) {
        GTEST_SKIP() << "there is but one CPU";
    }
    trial_request request = fixture::request_for("sync", "sqrt_log:n=3000");
    request.planned.cpus = 2;
    trial running(request);
    // The kernel may move a thread at any time, but that is rare in slices of a millisecond; one
    // that was never moved to the round's CPU is there in half of the rounds.
    constexpr int rounds = 20, nearly_all = 16, attempts = 50;
    int there = 0, round = 0;
    for (int attempt = 0; attempt < attempts && there < nearly_all; ++attempt) {
        there = 0;
        for (const int end = round + rounds; round < end; ++round) {
            ASSERT_TRUE(running.measure(round));
            there += sched_getcpu() == cpus[static_cast<std::size_t>(round % 2)] ? 1 : 0;
        }
    }
    EXPECT_GE(there, nearly_all);
    EXPECT_EQ(cpu_mask::of_this_thread().count(), 2);
    EXPECT_EQ(running.finish().state, status::ok);
}

}  // namespace
}  // namespace stratbench
