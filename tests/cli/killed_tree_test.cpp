// kill -9 of any process of a study: nothing of what hung on it remains.

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/base/clock.hpp"
#include "harness/base/process/child_process.hpp"
#include "harness/base/process/children.hpp"
#include "harness/base/sleep.hpp"
#include "tests/built.hpp"
#include "tests/cli/family.hpp"
#include "tests/cli/workplace.hpp"
#include "tests/watched_process.hpp"

namespace stratbench {
namespace {

namespace fs = std::filesystem;

using test::everybody_inside;
using test::role_of;

/// The processes of a study, once a process with this role has a child: what a task has made, or
/// the process of a task.
std::vector<pid_t> tree_in_full(const fs::path& folder, const std::string& role) {
    for (;;) {
        std::vector<pid_t> tree = everybody_inside(folder);
        const bool full = std::any_of(tree.begin(), tree.end(), [&](pid_t each) {
            return role_of(each) == role && !children_of(each).empty();
        });
        if (full) {
            return tree;
        }
        sleep_until(now_ns() + 1'000'000);
    }
}

void wait_for_another_supervisor(const fs::path& folder, const std::vector<pid_t>& before) {
    for (;;) {
        const std::vector<pid_t> tree = everybody_inside(folder);
        const bool there = std::any_of(tree.begin(), tree.end(), [&](pid_t each) {
            return role_of(each) == "supervisor" &&
                   std::find(before.begin(), before.end(), each) == before.end();
        });
        if (there) {
            return;
        }
        sleep_until(now_ns() + 1'000'000);
    }
}

struct kill_case {
    const char* victim;
    const char* strategy;
    const char* worker;
    friend void PrintTo(const kill_case& c, std::ostream* out) {
        *out << c.victim << " of " << c.strategy;
    }
};

class killed : public testing::TestWithParam<kill_case> {};

TEST_P(killed, process_of_a_study_leaves_no_process_behind) {
    const kill_case& c = GetParam();
    const workplace place;
    child_process harness(
        {"/bin/sh", "-c",
         "cd '" + place.inside().string() + "' && exec '" + test::built("stratbench") +
             "' run --strategy " + c.strategy +
             " --workload faults:kind=fork,wait=1s --load batch:1000 --workers 2 "
             "--rounds 1000 --quick --quiet --report none --worker-log /dev/null"},
        {}, session::ours);
    const std::vector<pid_t> tree = tree_in_full(place.inside(), c.worker);
    std::vector<test::watched_process> watched = test::watch(tree);
    const auto victim = std::find_if(tree.begin(), tree.end(), [&](pid_t each) {
        return std::string(c.victim) == "run" ? each == harness.pid() : role_of(each) == c.victim;
    });
    ASSERT_NE(victim, tree.end());
    ::kill(*victim, SIGKILL);
    for (const auto& each : watched) {
        if (each.pid() == harness.pid() && each.pid() != *victim) {
            continue;
        }
        EXPECT_TRUE(each.ends()) << role_of(each.pid()) << " " << each.pid();
    }
    // Two kills at once may leave something behind: the study has ended what hung on the first
    // when it goes on with another trial.
    if (*victim != harness.pid()) {
        wait_for_another_supervisor(place.inside(), tree);
    }
    watched = test::watch(everybody_inside(place.inside()));
    harness.kill(SIGKILL);
    harness.wait();
    for (const auto& each : watched) {
        EXPECT_TRUE(each.ends()) << role_of(each.pid());
    }
}

INSTANTIATE_TEST_SUITE_P(any, killed,
                         testing::Values(kill_case{"run", "apply_async", "worker"},
                                         kill_case{"supervisor", "apply_async", "worker"},
                                         kill_case{"trial", "apply_async", "worker"},
                                         kill_case{"run", "process_per_task", "fork-server"},
                                         kill_case{"supervisor", "process_per_task", "fork-server"},
                                         kill_case{"trial", "process_per_task", "fork-server"}),
                         [](const auto& about) {
                             return std::string(about.param.victim) + "_of_" + about.param.strategy;
                         });

}  // namespace
}  // namespace stratbench
