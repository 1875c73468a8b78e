// Fault storms: see storm.hpp. `./dev storm ROUNDS` runs them with as many seeds and in full size,
// CTest once and short.
//
//     STRATBENCH_STORM_SEED, _ROUNDS, _TASKS    the first seed, how many, tasks in each storm
//
// A storm that fails names itself; `storm_test storm NAME` runs it again.

#include "tests/storm/storm.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <string>

#include "harness/base/clock.hpp"
#include "harness/base/hash.hpp"
#include "harness/base/process/child_process.hpp"
#include "harness/base/sleep.hpp"
#include "harness/base/spec.hpp"

namespace stratbench::test {
namespace {

std::int64_t setting(const char* name, std::int64_t otherwise) {
    const char* const text = std::getenv(name);
    return text == nullptr ? otherwise : parse_integer(text, name, 1, 100'000'000);
}

/// A process in which a storm begins, and the descriptor that tells when.
struct storm_process {
    child_process process;
    descriptor begun;
};

storm_process begin_storm(const storm_request& request) {
    std::array<int, 2> ends{};
    checked(::pipe2(ends.data(), O_CLOEXEC), "cannot make a pipe");
    storm_process result{{}, descriptor(ends[0])};
    const descriptor write(ends[1]);
    const std::pair<int, int> descriptors[] = {{write.get(), 3}};
    result.process =
        child_process({"/proc/self/exe", "storm", request.text()}, descriptors, session::ours);
    return result;
}

/// Reaps orphans until none is left: each must end by itself, or this test never does.
void wait_for_orphans() {
    while (::waitpid(-1, nullptr, 0) > 0 || errno == EINTR) {
    }
    EXPECT_EQ(errno, ECHILD);
}

class fault_storm : public testing::TestWithParam<const char*> {
  protected:
    fault_storm() { ::prctl(PR_SET_CHILD_SUBREAPER, 1); }

    /// Calls f(request) for every seed.
    template <class F>
    static void each_round(F&& f) {
        const std::int64_t first = setting("STRATBENCH_STORM_SEED", 1);
        const std::int64_t rounds = setting("STRATBENCH_STORM_ROUNDS", 1);
        for (std::int64_t seed = first; seed < first + rounds; ++seed) {
            f(storm_request{
                .strategy = GetParam(),
                .seed = static_cast<std::uint64_t>(seed),
                .tasks = static_cast<std::size_t>(setting("STRATBENCH_STORM_TASKS", 1000))});
        }
    }
};

TEST_P(fault_storm, loses_no_task_ends_none_twice_and_leaves_nothing) {
    each_round([](storm_request request) {
        request.retries = static_cast<int>(request.seed % 3);
        const int ended = begin_storm(request).process.wait();
        EXPECT_EQ(ended, 0) << "again: storm_test storm " << request.text();
        EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "it left a process behind";
    });
}

TEST_P(fault_storm, takes_its_whole_tree_with_it_when_its_process_is_killed) {
    each_round([](const storm_request& request) {
        storm_process storm = begin_storm(request);
        char byte = 0;
        ASSERT_EQ(::read(storm.begun.get(), &byte, 1), 1) << request.text();
        sleep_until(now_ns() + static_cast<std::int64_t>(mix64(request.seed) % 100'000'000));
        storm.process.kill(SIGKILL);
        storm.process.wait();
        wait_for_orphans();
    });
}

INSTANTIATE_TEST_SUITE_P(strategies, fault_storm,
                         testing::Values("pool_map", "apply_async", "async_process_pool",
                                         "process_per_task"),
                         [](const auto& about) { return std::string(about.param); });

}  // namespace
}  // namespace stratbench::test
