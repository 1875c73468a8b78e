#include "harness/measure/pause_watch.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "tests/units.hpp"

namespace stratbench {
namespace {

std::int64_t suspended_ns = 0;
std::int64_t taken_ns = 0;

/// A machine that was suspended for a while, and on which others run between two readings.
int read_clock(clockid_t clock, timespec* now) {
    static std::int64_t monotonic_ns = 0;
    monotonic_ns += taken_ns;
    const std::int64_t at_ns = monotonic_ns + (clock == CLOCK_BOOTTIME ? suspended_ns : 0);
    *now = {at_ns / second, at_ns % second};
    return 0;
}

TEST(pause_watch, sees_nothing_where_nothing_was) {
    EXPECT_EQ(pause_watch().seen(), "");
}

TEST(pause_watch, sees_that_this_process_goes_on) {
    const pause_watch watch;
    ::raise(SIGCONT);
    EXPECT_NE(watch.seen().find("was stopped"), std::string::npos);
    EXPECT_EQ(pause_watch().seen(), "") << "that was before";
}

TEST(pause_watch, sees_that_a_child_goes_on) {
    const pid_t child = ::fork();
    if (child == 0) {
        for (;;) {
            ::pause();
        }
    }
    const pause_watch watch;
    siginfo_t how{};
    ::kill(child, SIGSTOP);
    ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(child), &how, WSTOPPED | WNOWAIT), 0);
    ::kill(child, SIGCONT);
    ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(child), &how, WCONTINUED | WNOWAIT), 0);
    EXPECT_NE(watch.seen().find("was stopped"), std::string::npos);
    EXPECT_EQ(pause_watch().seen(), "") << "that was before";
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
}

TEST(pause_watch, sees_a_suspension_of_the_machine_and_no_other_delay) {
    taken_ns = 50 * ms;
    suspended_ns = 3600 * second;
    const pause_watch watch(read_clock);
    EXPECT_EQ(watch.seen(), "") << "others run between the readings";
    suspended_ns += second;
    EXPECT_NE(watch.seen().find("suspended"), std::string::npos);
}

}  // namespace
}  // namespace stratbench
