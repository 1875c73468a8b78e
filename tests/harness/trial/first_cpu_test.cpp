// Where the slices of a trial in this process begin: seen by what the kernel is asked for, because
// where a thread is found a moment later is up to the kernel.

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>
#include <set>
#include <vector>

#include "harness/measure/cpu_mask.hpp"
#include "harness/trial/trial.hpp"
#include "tests/harness/trial/trial_fixture.hpp"

namespace {

using numbers = std::set<int>;

/// The masks that this process has asked for, as numbers of CPUs.
std::vector<numbers> asked_for;

}  // namespace

/// In place of the C library's, for all of this program.
extern "C" int sched_setaffinity(pid_t thread, std::size_t bytes, const cpu_set_t* set) noexcept {
    numbers& cpus = asked_for.emplace_back();
    for (std::size_t cpu = 0; cpu < 8 * bytes; ++cpu) {
        if (CPU_ISSET_S(cpu, bytes, set)) {
            cpus.insert(static_cast<int>(cpu));
        }
    }
    return static_cast<int>(::syscall(SYS_sched_setaffinity, thread, bytes, set));
}

namespace stratbench {
namespace {

TEST(first_cpu, is_another_in_each_round_and_the_thread_keeps_all_its_cpus) {
    const kept_affinity before;  // a trial confines the thread to as many as its cell has
    if (before.all.count() < 2) {
        GTEST_SKIP() << "there is but one CPU";
    }
    trial_request request = fixture::request_for("sync", "sqrt_log:n=3000");
    request.planned.cpus = 2;
    trial running(request);
    const numbers both = asked_for.back();
    ASSERT_EQ(both.size(), 2U);
    for (const int round : {0, 1, 2, 5, 6}) {
        asked_for.clear();
        EXPECT_TRUE(running.measure(round));
        const int first = round % 2 == 0 ? *both.begin() : *both.rbegin();
        EXPECT_EQ(asked_for, (std::vector<numbers>{{first}, both})) << round;
    }
    EXPECT_EQ(running.finish().state, status::ok);
}

}  // namespace
}  // namespace stratbench
