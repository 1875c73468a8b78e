#include "harness/launch/subordinate.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <string>

#include "tests/units.hpp"

namespace stratbench {
namespace {

const std::atomic<bool> go_on = false;

/// Stops this process for longer than `deadline_ns`, and answers some time after it has gone on.
constexpr std::int64_t deadline_ns = 3 * second;
std::string stopping(const std::string& answer) {
    const std::string harness = std::to_string(::getpid());
    return "kill -STOP " + harness + "; sleep 3.5; kill -CONT " + harness + "; sleep 0.3; echo " +
           answer;
}

TEST(subordinate, has_no_deadline_that_passes_while_the_harness_is_stopped) {
    subordinate program({"/bin/sh", "-c", stopping("here >&3")}, {});
    std::string line;
    EXPECT_EQ(program.hear(line, deadline_ns, go_on), subordinate::heard::line);
    EXPECT_EQ(line, "here");
}

}  // namespace
}  // namespace stratbench
