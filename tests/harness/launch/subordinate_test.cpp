#include "harness/launch/subordinate.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <string>

#include "tests/units.hpp"

namespace stratbench {
namespace {

const std::atomic<bool> uninterrupted = false;

/// Stops this process for longer than `short_deadline_ns`, and answers some time after it has gone
/// on.
constexpr std::int64_t short_deadline_ns = 3 * second;
std::string stopping(const std::string& answer) {
    const std::string harness = std::to_string(::getpid());
    return "kill -STOP " + harness + "; sleep 3.5; kill -CONT " + harness + "; sleep 0.3; echo " +
           answer;
}

TEST(subordinate, has_no_deadline_that_passes_while_the_harness_is_stopped) {
    subordinate program({"/bin/sh", "-c", stopping("here >&3")}, {});
    std::string line;
    std::int64_t left_ns = short_deadline_ns;
    EXPECT_EQ(program.hear(line, left_ns, uninterrupted), subordinate::heard::line);
    EXPECT_EQ(line, "here");
    EXPECT_GT(left_ns, 0);
}

TEST(subordinate, has_time_left_for_its_next_line_when_the_harness_was_stopped_before_this_one) {
    const subordinate_result got =
        run_subordinate({"/bin/sh", "-c", stopping("one >&3; sleep 0.1; echo two >&3")}, {},
                        short_deadline_ns, uninterrupted);
    EXPECT_EQ(got.ended, subordinate::heard::ended);
    EXPECT_EQ(got.answer, "one\ntwo\n");
}

TEST(subordinate, that_goes_on_talking_is_out_of_time_at_its_deadline) {
    const subordinate_result got =
        run_subordinate({"/bin/sh", "-c", "while :; do echo more >&3; sleep 0.01; done"}, {},
                        second / 2, uninterrupted);
    EXPECT_EQ(got.ended, subordinate::heard::too_late);
}

}  // namespace
}  // namespace stratbench
