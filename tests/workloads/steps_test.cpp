// The loops must do their work whatever the compiler: a sum that was folded into a formula costs
// the same for every n. Time would be a poor witness on a busy machine, so the instructions are
// counted, by stepping a child process through them one at a time.
#include <gtest/gtest.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <optional>
#include <string>

#include "tests/sanitized.hpp"
#include "workloads/task_template.hpp"

namespace stratbench {
namespace {

constexpr int exit_refused = 77;
volatile std::uint64_t result;

[[noreturn]] void run_child(const task& t) {
    if (ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) {
        _exit(exit_refused);
    }
    raise(SIGSTOP);
    result = execute(t, {});
    _exit(0);
}

/// Instructions from the child's stop to its exit: `execute` and a little that does not depend on
/// n. Nothing when this machine does not let a process be traced.
std::optional<std::int64_t> instructions(const task& t) {
    const pid_t child = fork();
    if (child == 0) {
        run_child(t);
    }
    if (child < 0) {
        return std::nullopt;
    }

    int status = 0;
    std::int64_t count = -1;
    while (waitpid(child, &status, 0) == child && WIFSTOPPED(status)) {
        ++count;
        if (ptrace(PTRACE_SINGLESTEP, child, nullptr, nullptr) != 0) {
            kill(child, SIGKILL);
            waitpid(child, &status, 0);
            return std::nullopt;
        }
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == exit_refused) {
        return std::nullopt;
    }
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << "the child did not end well";
    return count;
}

class steps : public testing::TestWithParam<const char*> {};

TEST_P(steps, are_executed_for_every_term_of_the_sum) {
    if (test::sanitized) {
        GTEST_SKIP() << "a sanitizer's own instructions would be counted";
    }
    constexpr std::int64_t small = 50;
    constexpr std::int64_t large = 150;
    task t = resolve_workload({.name = GetParam()}).make(0, 0);
    // Once before the forks, so that both children find every symbol already bound.
    result = execute(t, {});

    t.args[0] = small;
    const std::optional<std::int64_t> few = instructions(t);
    t.args[0] = large;
    const std::optional<std::int64_t> many = instructions(t);
    if (!few || !many) {
        GTEST_SKIP() << "ptrace is refused here";
    }
    EXPECT_GE(*many - *few, large - small)
        << "the compiler has turned the sum into a formula: " << *few << " instructions for "
        << small << " terms, " << *many << " for " << large;
}

INSTANTIATE_TEST_SUITE_P(of, steps, testing::Values("sum_range", "sum_squares", "sqrt_log"),
                         [](const auto& test) { return std::string(test.param); });

}  // namespace
}  // namespace stratbench
