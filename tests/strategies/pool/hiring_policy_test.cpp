#include "strategies/engines/pool/hiring_policy.hpp"

#include <gtest/gtest.h>

namespace stratbench {
namespace {

constexpr std::int64_t ms = 1'000'000;

TEST(hiring_policy, the_pause_doubles_with_each_failure_up_to_a_second) {
    hiring_policy hiring(2);
    std::int64_t now = 5 * ms;
    for (const std::int64_t pause_ms :
         {10, 20, 40, 80, 160, 320, 640, 1000, 1000, 1000, 1000, 1000, 1000}) {
        hiring.failed(1, now);
        EXPECT_EQ(hiring.next_attempt_ns(1), now + pause_ms * ms);
        now = hiring.next_attempt_ns(1);
    }
    EXPECT_EQ(hiring.next_attempt_ns(0), 0) << "the other seat has had no failure";
}

TEST(hiring_policy, a_worker_that_was_ready_makes_the_next_pause_short_again) {
    hiring_policy hiring(1);
    for (int i = 0; i < 5; ++i) {
        hiring.failed(0, 0);
    }
    hiring.succeeded(0);
    hiring.failed(0, 100 * ms);
    EXPECT_EQ(hiring.next_attempt_ns(0), 110 * ms);
}

TEST(hiring_policy, it_is_hopeless_after_five_seconds_without_any_worker) {
    hiring_policy hiring(1);
    EXPECT_FALSE(hiring.is_hopeless(1'000 * ms));
    EXPECT_FALSE(hiring.is_hopeless(5'999 * ms));
    EXPECT_TRUE(hiring.is_hopeless(6'000 * ms));
}

TEST(hiring_policy, a_worker_that_was_ready_gives_hope_again) {
    hiring_policy hiring(1);
    EXPECT_FALSE(hiring.is_hopeless(1'000 * ms));
    hiring.succeeded(0);
    EXPECT_FALSE(hiring.is_hopeless(7'000 * ms));
    EXPECT_TRUE(hiring.is_hopeless(12'000 * ms));
}

}  // namespace
}  // namespace stratbench
