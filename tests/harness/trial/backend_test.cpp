// Programs that do not keep to the board: each is one line, fails its own trial, and leaves
// nothing.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

#include "harness/base/descriptor.hpp"
#include "harness/launch/launcher.hpp"
#include "strategies/registry.hpp"
#include "tests/harness/trial/trial_fixture.hpp"
#include "tests/runnable.hpp"

namespace stratbench {
namespace {

/// Standard error of the trial process goes nowhere meanwhile.
class silence {
  public:
    silence() : kept_(::dup(STDERR_FILENO)) {
        const descriptor nowhere(::open("/dev/null", O_WRONLY | O_CLOEXEC));
        ::dup2(nowhere.get(), STDERR_FILENO);
    }
    ~silence() { ::dup2(kept_.get(), STDERR_FILENO); }

  private:
    descriptor kept_;
};

trial_record launch(const std::string& command, std::int64_t deadline_ns = fixture::deadline_ns) {
    trial_request request = fixture::request_for("exec:cmd=" + command, "noop");
    const trial_record record = launch_trial(request, deadline_ns, fixture::go_on);
    fixture::expect_nothing_left();
    EXPECT_EQ(record.reason.find('\n'), std::string::npos) << record.reason;
    return record;
}

struct misdeed {
    const char* name;
    const char* refusal;
    friend void PrintTo(const misdeed& m, std::ostream* out) { *out << m.name; }
};

class hostile : public testing::TestWithParam<misdeed> {
  protected:
    void SetUp() override {
        if (const auto why = test::not_runnable(find_strategy("python_sync")); !why.empty()) {
            GTEST_SKIP() << why;
        }
    }
    static trial_record launch(std::int64_t deadline_ns = fixture::deadline_ns) {
        return stratbench::launch(
            std::string("python3 -B " STRATBENCH_HOSTILE_BACKEND " " STRATBENCH_PYTHON_FOLDER " ") +
                GetParam().name,
            deadline_ns);
    }
};

TEST_P(hostile, backends_fail_their_own_trial_with_one_line) {
    const trial_record record = launch();
    EXPECT_EQ(record.state, status::failed);
    EXPECT_NE(record.reason.find(GetParam().refusal), std::string::npos) << record.reason;
}

INSTANTIATE_TEST_SUITE_P(
    misdeeds, hostile,
    testing::Values(misdeed{"exits_at_once", "ended with exit code 3 before it said 'hello'"},
                    misdeed{"exits", "ended with exit code 3 before it said 'drained'"},
                    misdeed{"dies", "was ended by signal 9 before it said 'drained'"},
                    misdeed{"talks_nonsense", "which is no object of JSON"},
                    misdeed{"has_no_clock", "without 'say' and 'now_ns'"},
                    misdeed{"has_another_clock", "its clock is not CLOCK_MONOTONIC"},
                    misdeed{"says_a_long_line", "a line of more than 4096 bytes"},
                    misdeed{"says_the_wrong_thing", "it said 'lunch' instead of 'drained'"},
                    misdeed{"is_old", "it knows version 0 of the board, and this is 1"},
                    misdeed{"cannot", "it says: 'it is too dark'"},
                    misdeed{"ends_a_task_twice", "task 3 ended more than once"},
                    misdeed{"has_a_wrong_value", "task 3 (n=0) returned"},
                    misdeed{"ends_what_it_never_accepted", "task 9 ended but was never accepted"},
                    misdeed{"lives_in_the_future", "or in the future"},
                    misdeed{"has_no_stamps", "task 3 was not stamped where it ran"},
                    misdeed{"loses_a_task", "1 accepted tasks vanished"},
                    misdeed{"forks_away", "left a process behind"},
                    misdeed{"stays", "it did not end within 2s of being told to stop"}),
    [](const auto& about) { return about.param.name; });

class never_ending : public hostile {};
TEST_P(never_ending, backends_are_ended_at_the_deadline) {
    const trial_record record = launch(8'000'000'000);
    EXPECT_EQ(record.state, status::failed);
    EXPECT_NE(record.reason.find("hung"), std::string::npos) << record.reason;
}
INSTANTIATE_TEST_SUITE_P(misdeeds, never_ending, testing::Values(misdeed{"never_ends", ""}),
                         [](const auto& about) { return about.param.name; });

class talkative : public hostile {};
TEST_P(talkative, backends_are_read_to_the_end_and_harm_nobody) {
    const silence quiet;
    const trial_record record = launch();
    EXPECT_EQ(record.state, status::ok) << record.reason;
    EXPECT_EQ(record.outcomes.ok, record.outcomes.due);
}
INSTANTIATE_TEST_SUITE_P(misdeeds, talkative, testing::Values(misdeed{"floods_its_output", ""}),
                         [](const auto& about) { return about.param.name; });

TEST(exec, a_command_that_is_none_is_refused) {
    for (const char* text : {"exec", "exec:cmd=", "exec:cmd=  ", "exec:cmd=/no/such/program",
                             "exec:cmd=no-such-program -x", "exec:cmd=/tmp"}) {
        EXPECT_THROW(make_strategy(parse_spec(text, "strategy")), usage_error) << text;
    }
}

TEST(exec, a_program_that_knows_nothing_of_boards_fails_its_trial) {
    const trial_record record = launch("/bin/true");
    EXPECT_EQ(record.state, status::failed);
    EXPECT_NE(record.reason.find("before it said 'hello'"), std::string::npos) << record.reason;
}

}  // namespace
}  // namespace stratbench
