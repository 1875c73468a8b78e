#include "strategies/engines/pool/deadline_watch.hpp"

#include <gtest/gtest.h>

#include <optional>

namespace stratbench {
namespace {

constexpr std::int64_t limit_ns = 160'000'000;
constexpr std::int64_t between_looks_ns = limit_ns / 16;

TEST(deadline_watch, a_task_has_passed_its_deadline_when_it_was_seen_for_as_long_as_it_may_take) {
    deadline_watch watch;
    EXPECT_FALSE(watch.has_passed(7, 1'000, limit_ns)) << "never seen before";
    watch.look(7, 1'000, limit_ns);
    EXPECT_FALSE(watch.has_passed(7, 1'000 + limit_ns - 1, limit_ns));
    EXPECT_TRUE(watch.has_passed(7, 1'000 + limit_ns, limit_ns));
}

TEST(deadline_watch, a_task_does_not_inherit_the_time_of_the_one_before_it) {
    deadline_watch watch;
    watch.look(7, 0, limit_ns);
    EXPECT_FALSE(watch.has_passed(8, limit_ns, limit_ns));
    watch.look(8, limit_ns, limit_ns);
    EXPECT_FALSE(watch.has_passed(8, 2 * limit_ns - 1, limit_ns));
    EXPECT_TRUE(watch.has_passed(8, 2 * limit_ns, limit_ns));
}

TEST(deadline_watch, a_worker_without_a_task_has_no_deadline) {
    deadline_watch watch;
    watch.look(7, 0, limit_ns);
    EXPECT_FALSE(watch.has_passed(std::nullopt, limit_ns, limit_ns));
    watch.look(std::nullopt, limit_ns, limit_ns);
    EXPECT_FALSE(watch.has_passed(std::nullopt, 3 * limit_ns, limit_ns));
    EXPECT_FALSE(watch.has_passed(7, 3 * limit_ns, limit_ns)) << "it was not executing in between";
}

TEST(deadline_watch, it_looks_a_part_of_the_limit_later_but_never_after_the_deadline) {
    deadline_watch watch;
    EXPECT_EQ(watch.look(std::nullopt, 0, limit_ns), between_looks_ns);
    EXPECT_EQ(watch.look(7, 0, limit_ns), between_looks_ns);
    EXPECT_EQ(watch.look(7, limit_ns - 5, limit_ns), limit_ns);
    EXPECT_EQ(deadline_watch().look(std::nullopt, 0, 2'000'000), 1'000'000)
        << "looks are a millisecond apart at least";
}

}  // namespace
}  // namespace stratbench
