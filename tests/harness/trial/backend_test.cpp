// Programs that do not keep to the board: each is one line, fails its own trial, and leaves
// nothing.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "harness/base/descriptor.hpp"
#include "harness/base/shared_memory.hpp"
#include "harness/launch/launcher.hpp"
#include "harness/model/labels.hpp"
#include "strategies/contract/strategy.hpp"
#include "strategies/engines/board/board.hpp"
#include "strategies/registry.hpp"
#include "tests/harness/trial/trial_fixture.hpp"
#include "tests/runnable.hpp"
#include "workloads/task_template.hpp"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wold-style-cast"  // it is C
#include "strategies/examples/stratbench_board.h"
#pragma GCC diagnostic pop

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

trial_record launch(const std::string& command, const std::string& workload = "noop",
                    std::int64_t deadline_ns = fixture::deadline_ns) {
    trial_request request = fixture::request_for("exec:cmd=" + command, workload);
    trial_record record = launch_trial(request, deadline_ns, fixture::go_on);
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
    static trial_record launch(const std::string& workload = "noop",
                               std::int64_t deadline_ns = fixture::deadline_ns) {
        return stratbench::launch(
            std::string("python3 -B " STRATBENCH_HOSTILE_BACKEND " " STRATBENCH_PYTHON_FOLDER " ") +
                GetParam().name,
            workload, deadline_ns);
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
                    misdeed{"closes_its_control",
                            "closed its control stream before it said 'drained'"},
                    misdeed{"talks_nonsense", "which is no object of JSON"},
                    misdeed{"has_no_clock", "without 'say' and 'now_ns'"},
                    misdeed{"has_another_clock", "its clock is not CLOCK_MONOTONIC"},
                    misdeed{"says_a_long_line", "a line of more than 4096 bytes"},
                    misdeed{"says_the_wrong_thing", "it said 'lunch' instead of 'drained'"},
                    misdeed{"is_old", "it knows version 0 of the board, and this is 1"},
                    misdeed{"adds_in_a_strange_way", "neither 'left_to_right' nor 'other'"},
                    misdeed{"cannot", "it says: 'it is too dark'"},
                    misdeed{"ends_a_task_twice", "task 3 ended more than once"},
                    misdeed{"has_a_wrong_value", "task 3 (n=0) returned"},
                    misdeed{"ends_what_it_never_accepted", "task 9 ended but was never accepted"},
                    misdeed{"lives_in_the_future", "or in the future"},
                    misdeed{"has_no_stamps", "task 3 was not stamped where it ran"},
                    misdeed{"loses_a_task", "1 accepted tasks vanished"},
                    misdeed{"forks_away", "left a process behind"},
                    misdeed{"stays", "it did not end within 5s of being told to stop"}),
    [](const auto& about) { return about.param.name; });

class never_ending : public hostile {};
TEST_P(never_ending, backends_are_ended_at_the_deadline) {
    const trial_record record = launch("noop", 8'000'000'000);
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

TEST(exec, a_call_that_a_breaking_pool_forgets_crashes_with_it) {
    if (const auto why = test::not_runnable(find_strategy("python_async_process_pool"));
        !why.empty()) {
        GTEST_SKIP() << why;
    }
    const trial_record record =
        launch("python3 -B " STRATBENCH_FORGETFUL_POOL " " STRATBENCH_PYTHON_FOLDER,
               "faults:kind=exit,every=5");
    EXPECT_EQ(record.state, status::ok) << record.reason;
    EXPECT_GT(record.outcomes.crashed, 0U);
    EXPECT_EQ(record.outcomes.due, record.outcomes.ok + record.outcomes.crashed);
}

/// One task of an adding workload has another lowest bit than from left to right.
class adding : public hostile {};
TEST_P(adding, in_another_way_is_held_to_a_bound_where_it_was_said) {
    const trial_record record = launch("sqrt_log:n=300");
    const std::string refusal = GetParam().refusal;
    EXPECT_EQ(record.state, refusal.empty() ? status::ok : status::failed) << record.reason;
    EXPECT_NE(record.reason.find(refusal), std::string::npos) << record.reason;
    EXPECT_EQ(has_label(record.labels, label::sums_within_bound), refusal.empty());
}
INSTANTIATE_TEST_SUITE_P(misdeeds, adding,
                         testing::Values(misdeed{"adds_otherwise", ""},
                                         misdeed{"adds_otherwise_and_wrong", "task 3 (n=300)"},
                                         misdeed{"adds_otherwise_in_secret", "task 3 (n=300)"}),
                         [](const auto& about) { return about.param.name; });

TEST(exec, a_backend_in_c_serves_every_shape_of_arrivals) {
    using shape = load_plan::shape;
    const load_plan loads[] = {
        {.kind = shape::batch, .text = "batch", .tasks = 500},
        {.kind = shape::closed, .text = "closed", .tasks = 1'000'000, .outstanding = 3},
        {.kind = shape::poisson, .text = "poisson", .rate_per_s = 200},
        {.kind = shape::producer, .text = "producer", .tasks = 20, .every_ns = ms, .queue = 2}};
    for (const load_plan& load : loads) {
        trial_request request =
            fixture::request_for("exec:cmd=" STRATBENCH_C_THREADS, "sum_range:n=1000,step=1");
        request.planned.load = load;
        request.planned.window_ns = 250 * ms;
        const trial_record record = launch_trial(request, fixture::deadline_ns, fixture::go_on);
        fixture::expect_nothing_left();
        EXPECT_EQ(record.state, status::ok) << load.text << ": " << record.reason;
        EXPECT_GT(record.outcomes.ok, 0U) << load.text;
        EXPECT_EQ(record.outcomes.ok, record.outcomes.due) << load.text;
    }
}

TEST(exec, a_backend_in_c_says_what_it_cannot) {
    const trial_record record = launch(STRATBENCH_C_THREADS, "sqrt_log:n=9");
    EXPECT_NE(record.reason.find("it says: 'no such workload'"), std::string::npos)
        << record.reason;
}

// The header in C describes the same memory.
static_assert(sizeof(stratbench_header) == sizeof(board_header));
static_assert(offsetof(stratbench_header, stop) == offsetof(board_header, stop));
static_assert(offsetof(stratbench_header, tasks) == offsetof(board_header, tasks));
static_assert(offsetof(stratbench_header, opened_ns) == offsetof(board_header, opened_ns));
static_assert(offsetof(stratbench_header, until_ns) == offsetof(board_header, until_ns));
static_assert(offsetof(stratbench_header, arrivals) == offsetof(board_header, arrivals));
static_assert(offsetof(stratbench_header, workload) == offsetof(board_header, workload));
static_assert(sizeof(stratbench_task) == sizeof(board_task));
static_assert(offsetof(stratbench_task, seed) == offsetof(board_task, seed));
static_assert(offsetof(stratbench_task, payload_bytes) == offsetof(board_task, payload_bytes));
static_assert(offsetof(stratbench_task, stamped) == offsetof(board_task, stamped));
static_assert(sizeof(stratbench_account) == sizeof(task_account));
static_assert(offsetof(stratbench_account, completed_ns) == offsetof(task_account, completed_ns));
static_assert(offsetof(stratbench_account, outcome) == offsetof(task_account, outcome));
static_assert(offsetof(stratbench_account, waited_for) == offsetof(task_account, waited_for));
static_assert(offsetof(stratbench_account, endings) == offsetof(task_account, endings));
static_assert(STRATBENCH_BOARD_VERSION == board_version);

/// So many tasks of a workload, all due at once.
class many_tasks final : public window_ahead {
  public:
    explicit many_tasks(std::uint64_t most, const std::string& workload = "noop")
        : most_(most), model_(resolve_workload(parse_spec(workload, "workload"))) {}
    [[nodiscard]] std::uint64_t most() const override { return most_; }
    [[nodiscard]] task make(std::uint64_t id) const override { return model_.make(id, 1); }
    [[nodiscard]] arrival_rule rule() const override { return {}; }
    [[nodiscard]] std::int64_t due_ns(std::uint64_t /*id*/) const override { return 0; }
    [[nodiscard]] std::int64_t opened_ns() const override { return 0; }
    void hand_back(std::span<const task_account> /*accounts*/, sum_order /*floats*/) override {}

  private:
    std::uint64_t most_;
    task_template model_;
};

TEST(board, of_a_million_tasks_takes_256_mb_at_most) {
    board million;
    million.lay_out(many_tasks(1'000'000));
    ASSERT_EQ(million.accounts().size(), 1'000'000U);
    struct stat about {};
    ASSERT_EQ(::fstat(million.fd(), &about), 0);
    constexpr long block_bytes = 512;
    EXPECT_LE(about.st_blocks * block_bytes, 256'000'000);
}

TEST(board, has_each_payload_whole_where_sizes_are_drawn) {
    // The last payload is not the longest.
    const many_tasks window(300, "sqrt_values:n=exponential(mean=100)");
    board filled;
    filled.lay_out(window);
    const shared_memory memory(descriptor(::dup(filled.fd())), false);
    const auto& header = *reinterpret_cast<const board_header*>(memory.data());
    const auto* const tasks = reinterpret_cast<const board_task*>(memory.data() + header.tasks_at);
    for (std::uint64_t id = 0; id < window.most(); ++id) {
        const task expected = window.make(id);
        std::vector<std::byte> payload(expected.payload_bytes);
        generate_payload(expected, payload);
        ASSERT_EQ(tasks[id].payload_bytes, expected.payload_bytes) << id;
        const std::size_t at = header.payload_at + std::size_t{64} * tasks[id].payload_at;
        ASSERT_LE(at + payload.size(), memory.size()) << id;
        EXPECT_TRUE(std::ranges::equal(payload, std::span(memory.data() + at, payload.size())))
            << id;
    }
}

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
