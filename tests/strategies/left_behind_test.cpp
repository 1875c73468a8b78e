// What a task has started ends with the process that executed it, at the latest.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <future>
#include <map>

#include "harness/base/process/children.hpp"
#include "harness/base/process/orphans.hpp"
#include "harness/base/sleep.hpp"
#include "strategies/engines/pool/worker_pool.hpp"
#include "tests/strategies/drained_pool.hpp"
#include "tests/support.hpp"
#include "tests/watched_process.hpp"

namespace stratbench {
namespace {

void submit(worker_pool& pool, std::string_view workload, std::uint64_t count,
            std::uint64_t first_id = 0) {
    for (task t : test::tasks_of(std::string(workload), count)) {
        t.id += first_id;
        pool.submit(t);
    }
    pool.dispatch();
}

/// Tells whether processes end. They are watched from now on: an engine that waits for what it
/// should have ended would only come back when that has ended by itself.
std::future<bool> ends_of(const std::vector<test::watched_process>& all) {
    return std::async(std::launch::async,
                      [&all] { return std::ranges::all_of(all, &test::watched_process::ends); });
}

constexpr std::string_view forks = "faults:kind=fork";

class left_behind : public testing::Test {
  protected:
    /// Adopts orphans, as a trial does: otherwise what a killed process left would go to init.
    left_behind() { adopt_orphans(); }

    pool_options options(worker_kind kind, int workers = 1) {
        return {.kind = kind, .start = {.workers = workers, .ledger = &ledger}};
    }
    [[nodiscard]] pid_t first_process() const { return ledger.read().living.at(0); }

    process_ledger ledger;
};

TEST_F(left_behind, nothing_by_a_worker_that_is_told_to_quit) {
    std::vector<test::watched_process> made;
    std::future<bool> ended;
    {
        worker_pool pool(options(worker_kind::process));
        submit(pool, forks, 3);
        test::drain(pool);
        made = test::watch(children_of(first_process()));
        ASSERT_EQ(made.size(), 3U);
        for (const auto& each : made) {
            EXPECT_TRUE(each.living()) << "its worker lives";
        }
        ended = ends_of(made);
    }
    EXPECT_TRUE(ended.get());
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "nothing is left to be reaped either";
}

TEST_F(left_behind, nothing_by_a_worker_that_is_killed) {
    worker_pool pool(options(worker_kind::process));
    submit(pool, forks, 3);
    test::drain(pool);
    const auto made = test::watch(children_of(first_process()));
    ASSERT_EQ(made.size(), 3U);
    std::future<bool> ended = ends_of(made);
    ::kill(first_process(), SIGKILL);
    for (std::uint64_t id = 0; ledger.read().made == 1; ++id) {
        submit(pool, "noop", 1, id);
        test::drain(pool);
    }
    EXPECT_TRUE(ended.get());
    EXPECT_EQ(children_of(::getpid()).size(), 1U) << "its successor";
}

TEST_F(left_behind, nothing_by_a_task_that_had_a_process_of_its_own) {
    worker_pool pool(options(worker_kind::process_per_task, 2));
    submit(pool, forks, 20);
    for (const auto& [id, done] : test::drain(pool)) {
        EXPECT_EQ(done.outcome, task_outcome::ok) << id;
    }
    // Adopted by the server; its next look finds them dead.
    for (const auto& each : test::watch(children_of(first_process()))) {
        EXPECT_TRUE(each.ends());
    }
}

TEST_F(left_behind, nothing_by_a_fork_server_that_is_killed_whose_tasks_alone_are_lost) {
    worker_pool pool(options(worker_kind::process_per_task, 2));
    const pid_t server = first_process();
    submit(pool, "faults:kind=fork,wait=600s", 2);
    submit(pool, "noop", 50, 2);
    std::vector<pid_t> tree;
    while (tree.size() < 4) {  // two tasks, and what each has made
        tree = children_of(server);
        for (const pid_t child : children_of(server)) {
            for (const pid_t grandchild : children_of(child)) {
                tree.push_back(grandchild);
            }
        }
        sleep_until(now_ns() + 1'000'000);
    }
    const auto watched = test::watch(tree);
    ::kill(server, SIGKILL);
    for (const auto& [id, done] : test::drain(pool)) {
        EXPECT_EQ(done.outcome, id < 2 ? task_outcome::crashed : task_outcome::ok) << id;
    }
    for (const auto& each : watched) {
        EXPECT_TRUE(each.ends());
    }
    EXPECT_EQ(children_of(::getpid()).size(), 1U) << "its successor";
}

/// Forks, and in the new process calls f, which returns its exit code.
template <class F>
pid_t in_a_process(F&& f) {
    const pid_t pid = ::fork();
    if (pid == 0) {
        ::_exit(f());
    }
    return pid;
}

TEST(orphans, are_ended_also_where_they_have_left_their_session) {
    int ends[2];
    ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    descriptor heard(ends[0]);
    descriptor held(ends[1]);
    const pid_t tested = in_a_process([] {
        adopt_orphans();
        in_a_process([] {
            const pid_t daemon = in_a_process([] {
                ::setsid();
                for (;;) {
                    ::pause();
                }
                return 0;
            });
            return daemon > 0 ? 0 : 1;
        });
        end_all_children();
        return ::waitpid(-1, nullptr, WNOHANG) == -1 ? 0 : 1;
    });
    held.close();
    int status = 0;
    ::waitpid(tested, &status, 0);
    EXPECT_EQ(status, 0);
    pollfd end{heard.get(), POLLIN, 0};
    EXPECT_EQ(::poll(&end, 1, 30'000), 1) << "whoever held the other end is gone";
}

}  // namespace
}  // namespace stratbench
