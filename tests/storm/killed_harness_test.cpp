// kill -9 of the harness itself, amid trials whose tasks crash and hang and whose workers somebody
// kills.

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/base/clock.hpp"
#include "harness/base/hash.hpp"
#include "harness/base/process/child_process.hpp"
#include "harness/base/sleep.hpp"
#include "strategies/engines/worker/worker_executable.hpp"
#include "tests/built.hpp"
#include "tests/cli/family.hpp"
#include "tests/cli/workplace.hpp"

namespace stratbench::test {
namespace {

namespace fs = std::filesystem;

/// Processes of trials in a folder: of their workers, servers and supervisors.
std::vector<pid_t> workers_inside(const fs::path& folder) {
    std::vector<pid_t> found = everybody_inside(folder);
    std::erase_if(found, [](pid_t each) {
        const std::string role = role_of(each);
        return role != worker_role::worker && role != worker_role::fork_server &&
               role != worker_role::supervisor;
    });
    return found;
}

class killed_harness : public testing::TestWithParam<const char*> {};

TEST_P(killed_harness, takes_its_whole_tree_with_it_also_in_a_storm) {
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    const workplace place;
    const std::string study =
        std::string(GetParam()) +
        " --workload faults:kind=segfault,and=hang,every=100 --load "
        "batch:20000 --workers 3 --rounds 1000 --generations 1000 --task-timeout 50ms --quick "
        "--quiet --report none --worker-log /dev/null";
    child_process harness({"/bin/sh", "-c",
                           "cd '" + place.inside().string() + "' && exec '" +
                               test::built("stratbench") + "' run --strategy " + study},
                          {}, session::ours);
    for (std::uint64_t kills = 0; kills < 20;) {
        siginfo_t info{};
        ASSERT_EQ(
            ::waitid(P_PID, static_cast<id_t>(harness.pid()), &info, WEXITED | WNOHANG | WNOWAIT),
            0);
        ASSERT_EQ(info.si_pid, 0) << "it ended by itself";
        const std::vector<pid_t> workers = workers_inside(place.inside());
        if (!workers.empty()) {
            ::kill(workers[mix64(1, kills) % workers.size()], SIGKILL);
            ++kills;
        }
        sleep_until(now_ns() + 20'000'000);
    }
    harness.kill(SIGKILL);
    harness.wait();
    // Each ends by itself, and what was left to us is reaped: else this never returns.
    while (::waitpid(-1, nullptr, 0) > 0) {
    }
    EXPECT_EQ(place.processes_inside(), 0);
}

INSTANTIATE_TEST_SUITE_P(strategies, killed_harness,
                         testing::Values("pool_map", "apply_async", "async_process_pool",
                                         "process_per_task"),
                         [](const auto& about) { return std::string(about.param); });

}  // namespace
}  // namespace stratbench::test
