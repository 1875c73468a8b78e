// What survives an exec binds the whole study: signals that are ignored or blocked, limits, umask,
// CPUs, descriptors. A limit that is reached is named, in one line.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "harness/base/clock.hpp"
#include "harness/base/sleep.hpp"
#include "tests/built.hpp"
#include "tests/cli/family.hpp"
#include "tests/cli/results_in.hpp"
#include "tests/cli/workplace.hpp"
#include "tests/limit.hpp"
#include "tests/sanitized.hpp"

namespace stratbench {
namespace {

using test::family;

/// One cell whose trial takes milliseconds.
std::string small(const std::string& strategy) {
    return "run --strategy " + strategy +
           " --workload sqrt_log:n=1000 --load batch:20 --workers 2 --rounds 2 --report none "
           "--quiet ";
}

/// A study that goes on until it is ended.
constexpr const char* endless =
    "run --strategy apply_async --workload sqrt_log:n=1000,wait=1s --load batch:1000 --workers 2 "
    "--rounds 100 --quick --out none --report none --quiet";

std::size_t lines_of(const std::string& text) {
    return static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

bool says(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

// --- Signals ---

TEST(inherited_signals, that_were_ignored_at_start_stay_so_in_the_whole_tree) {
    const workplace place;
    const outcome_of_run got = place.run_prepared(
        [] {
            for (const int signal : {SIGHUP, SIGINT, SIGTERM, SIGUSR1, SIGPIPE}) {
                ::signal(signal, SIG_IGN);
            }
        },
        endless,
        [&](pid_t harness) {
            const family all(place.inside(), "worker");
            for (const char* role : {"run", "supervisor", "trial", "worker"}) {
                const pid_t each = all.of(role);
                for (const int signal : {SIGHUP, SIGINT, SIGTERM, SIGUSR1, SIGPIPE}) {
                    EXPECT_TRUE(test::ignores(each, signal)) << role << " " << signal;
                    ::kill(each, signal);
                }
            }
            // What a hang-up of the terminal does.
            ::kill(-harness, SIGHUP);
            ::kill(-harness, SIGTERM);
            test::wait_until_heard(all.of("supervisor"), SIGTERM);
            for (const char* role : {"run", "supervisor", "trial", "worker"}) {
                EXPECT_EQ(test::role_of(all.of(role)), role) << "is gone";
            }
            ::kill(harness, SIGKILL);
        });
    EXPECT_EQ(got.exit_code, -1);
    EXPECT_EQ(got.err, "");
}

TEST(inherited_signals, that_the_harness_ignores_itself_are_not_handed_on) {
    const workplace place;
    const outcome_of_run got = place.run_prepared(
        [] {}, endless,
        [&](pid_t harness) {
            const family all(place.inside(), "worker");
            for (const int signal : {SIGPIPE, SIGXFSZ, SIGHUP, SIGINT, SIGTERM, SIGCHLD}) {
                EXPECT_FALSE(test::ignores(all.of("worker"), signal)) << signal;
            }
            EXPECT_TRUE(test::ignores(all.of("run"), SIGPIPE));
            ::kill(harness, SIGINT);
        });
    EXPECT_EQ(got.exit_code, 130) << got.err;
}

TEST(inherited_signals, that_were_blocked_at_start_stay_so_and_hold_nothing_up) {
    for (const char* strategy : {"sync", "async_process_pool", "process_per_task"}) {
        const workplace place;
        const outcome_of_run got = place.run_prepared(
            [] {
                sigset_t all;
                sigfillset(&all);
                ::sigprocmask(SIG_SETMASK, &all, nullptr);
            },
            small(strategy));
        EXPECT_EQ(got.exit_code, 0) << strategy << ": " << got.err;
    }
    const workplace place;
    const outcome_of_run got = place.run_prepared(
        [] {
            sigset_t some;
            sigemptyset(&some);
            sigaddset(&some, SIGTERM);
            ::sigprocmask(SIG_BLOCK, &some, nullptr);
        },
        endless,
        [&](pid_t harness) {
            const family all(place.inside(), "worker");
            for (const char* role : {"run", "trial", "worker"}) {
                // A process that starts another one blocks all of them for that moment.
                while (test::blocks(all.of(role), SIGINT)) {
                    sleep_until(now_ns() + 1'000'000);
                }
                EXPECT_TRUE(test::blocks(all.of(role), SIGTERM)) << role;
            }
            ::kill(harness, SIGINT);
        });
    EXPECT_EQ(got.exit_code, 130) << got.err;
}

TEST(inherited_signals, an_ignored_end_of_children_does_not_keep_anybody_from_waiting) {
    for (const char* strategy : {"async_process_pool", "process_per_task", "pool_per_task"}) {
        const workplace place;
        const outcome_of_run got =
            place.run_prepared([] { ::signal(SIGCHLD, SIG_IGN); }, small(strategy));
        EXPECT_EQ(got.exit_code, 0) << strategy << ": " << got.err;
    }
}

// --- Limits ---

TEST(inherited_limits, of_a_file_are_named_in_one_line_and_nothing_is_left) {
    const workplace place;
    const outcome_of_run got =
        place.run_prepared([] { test::limit(RLIMIT_FSIZE, 1024); }, small("sync"));
    EXPECT_EQ(got.exit_code, 2);
    EXPECT_TRUE(says(got.err, "RLIMIT_FSIZE, ulimit -f: 1024 bytes")) << got.err;
    EXPECT_EQ(lines_of(got.err), 1U) << got.err;
    EXPECT_EQ(place.files(), std::vector<std::string>{});
}

TEST(inherited_limits, under_which_no_trial_starts_are_named_without_advice_about_more_of_them) {
    if (test::sanitized) {
        GTEST_SKIP() << "a sanitizer needs descriptors of its own";
    }
    const workplace place;
    const outcome_of_run got =
        place.run_prepared([] { test::limit(RLIMIT_NOFILE, 12); }, small("sync"));
    EXPECT_EQ(got.exit_code, 2);
    EXPECT_TRUE(got.err.starts_with("stratbench: no trial could be started: ")) << got.err;
    EXPECT_TRUE(says(got.err, "RLIMIT_NOFILE, ulimit -n: 12")) << got.err;
    EXPECT_FALSE(says(got.err, "fewer")) << got.err;
}

struct limit_case {
    const char* name;
    __rlimit_resource which;
    rlim_t most;
    const char* strategy;
    const char* names;
    friend void PrintTo(const limit_case& c, std::ostream* out) { *out << c.name; }
};

class limited : public testing::TestWithParam<limit_case> {};

/// Either the study is finished, or its cell has failed, or it ends in one line; and where it does
/// not finish, the limit is named, and no other.
TEST_P(limited, study_finishes_or_names_the_limit) {
    if (test::sanitized) {
        GTEST_SKIP() << "a sanitizer needs memory, stacks and descriptors of its own";
    }
    const limit_case& c = GetParam();
    const workplace place;
    const outcome_of_run got =
        place.run_prepared([&c] { test::limit(c.which, c.most); },
                           small(c.strategy) + "--worker-log log --out r.json");
    if (got.exit_code == 0) {
        return;
    }
    std::string why = got.err;
    if (got.exit_code == 1) {
        const json cell = results_in(place, "r.json")["cells"][0];
        why = cell["reason"].get<std::string>() + "\n";
    } else {
        EXPECT_EQ(got.exit_code, 2) << why;
    }
    EXPECT_TRUE(says(why, c.names)) << why;
    EXPECT_EQ(why.find("RLIMIT_"), why.rfind("RLIMIT_")) << why;
    EXPECT_EQ(lines_of(why), 1U) << why;
}

constexpr rlim_t mb = 1'000'000;

INSTANTIATE_TEST_SUITE_P(
    any, limited,
    testing::Values(
        limit_case{"memory_30_threads", RLIMIT_AS, 30 * mb, "async_thread_pool", "RLIMIT_AS"},
        limit_case{"memory_40_threads", RLIMIT_AS, 40 * mb, "async_thread_pool", "RLIMIT_AS"},
        limit_case{"memory_30_processes", RLIMIT_AS, 30 * mb, "async_process_pool", "RLIMIT_AS"},
        limit_case{"memory_16_processes", RLIMIT_AS, 16 * mb, "async_process_pool", "RLIMIT_AS"},
        limit_case{"memory_60_per_task", RLIMIT_AS, 60 * mb, "process_per_task", "RLIMIT_AS"},
        limit_case{"data_8_threads", RLIMIT_DATA, 8 * mb, "async_thread_pool", "RLIMIT_DATA"},
        limit_case{"data_4_processes", RLIMIT_DATA, 4 * mb, "async_process_pool", "RLIMIT_DATA"},
        limit_case{"descriptors_6", RLIMIT_NOFILE, 6, "sync", "RLIMIT_NOFILE, ulimit -n: 6"},
        limit_case{"descriptors_8", RLIMIT_NOFILE, 8, "sync", "RLIMIT_NOFILE, ulimit -n: 8"},
        limit_case{"descriptors_8_processes", RLIMIT_NOFILE, 8, "apply_async",
                   "RLIMIT_NOFILE, ulimit -n: 8"},
        limit_case{"descriptors_12_processes", RLIMIT_NOFILE, 12, "apply_async",
                   "RLIMIT_NOFILE, ulimit -n: 12"},
        limit_case{"descriptors_16_processes", RLIMIT_NOFILE, 16, "apply_async",
                   "RLIMIT_NOFILE, ulimit -n: 16"},
        limit_case{"descriptors_20_per_task", RLIMIT_NOFILE, 20, "process_per_task",
                   "RLIMIT_NOFILE, ulimit -n: 20"},
        limit_case{"stack_64", RLIMIT_STACK, 64 << 10, "sync", "RLIMIT_STACK, ulimit -s: 64"},
        limit_case{"stack_300_threads", RLIMIT_STACK, 300 << 10, "async_thread_pool",
                   "RLIMIT_STACK"},
        limit_case{"stack_huge_threads", RLIMIT_STACK, rlim_t{1} << 46, "async_thread_pool",
                   "RLIMIT_STACK"},
        limit_case{"locked_0", RLIMIT_MEMLOCK, 0, "async_process_pool", "RLIMIT_MEMLOCK"},
        limit_case{"core_0", RLIMIT_CORE, 0, "sync", "RLIMIT_CORE"},
        limit_case{"signals_0", RLIMIT_SIGPENDING, 0, "process_per_task", "RLIMIT_SIGPENDING"},
        limit_case{"file_2048_processes", RLIMIT_FSIZE, 2048, "async_process_pool",
                   "RLIMIT_FSIZE"}),
    [](const auto& about) { return std::string(about.param.name); });

TEST(inherited_limits, of_cpu_time_are_named_by_whoever_reaches_them) {
    const auto one_second = [] { test::limit(RLIMIT_CPU, 1); };
    const auto two_seconds = [] { test::limit(RLIMIT_CPU, 2); };
    const std::string busy =
        "run --strategy sync --workload sqrt_log:n=100000 --load batch:10000 --rounds 1 --report "
        "none --quiet ";
    for (const std::function<void()>& limited :
         {std::function<void()>(one_second), std::function<void()>(two_seconds)}) {
        const workplace place;
        const outcome_of_run got = place.run_prepared(limited, busy);
        EXPECT_EQ(got.exit_code, 1) << got.err;
        const json cell = results_in(place)["cells"][0];
        EXPECT_TRUE(says(cell["reason"], "RLIMIT_CPU, ulimit -t: ")) << cell["reason"];
    }
}

TEST(inherited_limits, of_cpu_time_that_the_harness_reaches_end_a_study_as_ctrl_c_does) {
    const workplace place;
    const outcome_of_run got = place.run_prepared(
        [] {
            const rlimit soft{1, RLIM_INFINITY};
            ::setrlimit(RLIMIT_CPU, &soft);
        },
        "run --strategy sync --workload noop --load batch:20 --rounds 10000 --generations 10000 "
        "--quick --report none --quiet");
    EXPECT_EQ(got.exit_code, 130) << got.err;
    EXPECT_TRUE(says(got.err, "RLIMIT_CPU, ulimit -t: 1) is reached\n")) << got.err;
    EXPECT_GT(results_in(place)["cells"][0]["trials"].size(), 0U) << "what was measured is kept";
}

/// A user id that is not in use, so that a limit on its processes counts ours alone.
constexpr uid_t somebody = 54'322;

TEST(inherited_limits, of_processes_are_named_in_one_line) {
    if (test::sanitized || ::geteuid() != 0) {
        GTEST_SKIP()
            << "a limit on processes binds every process of a user; sanitizers have theirs";
    }
    for (rlim_t most = 1; most <= 5; ++most) {
        const workplace place;
        std::filesystem::permissions(place.inside().parent_path(), std::filesystem::perms::all);
        const outcome_of_run got = place.run_prepared(
            [most] {
                test::limit(RLIMIT_NPROC, most);
                if (::setgid(somebody) != 0 || ::setuid(somebody) != 0) {
                    ::_exit(3);
                }
            },
            "run --strategy apply_async --workload noop --load batch:10 --workers 2 --rounds 1 "
            "--out none --report none --json --quiet");
        if (got.exit_code == 126 || says(got.err, "ermission denied")) {
            GTEST_SKIP() << "another user cannot execute the program";
        }
        std::string why = got.err;
        if (got.exit_code == 1) {
            const json cell = json::parse(got.out)["stratbench"]["cells"][0];
            why += cell["reason"].get<std::string>() + "\n";
        }
        EXPECT_TRUE(says(why, "RLIMIT_NPROC")) << got.exit_code << ": " << why;
        EXPECT_EQ(lines_of(why), 1U) << why;
    }
}

// --- The rest ---

TEST(inherited, umask_decides_who_may_read_the_results) {
    const workplace place;
    const outcome_of_run got = place.run_prepared([] { ::umask(0077); }, small("apply_async"));
    EXPECT_EQ(got.exit_code, 0) << got.err;
    struct stat file {};
    ASSERT_EQ(::stat((place.inside() / "results.json").c_str(), &file), 0);
    EXPECT_EQ(file.st_mode & 0777, 0600U);
}

TEST(inherited, niceness_is_that_of_the_whole_tree) {
    const workplace place;
    const outcome_of_run got = place.run_prepared(
        [] { ::setpriority(PRIO_PROCESS, 0, 7); }, endless,
        [&](pid_t harness) {
            const family all(place.inside(), "worker");
            for (const char* role : {"run", "supervisor", "trial", "worker"}) {
                EXPECT_EQ(::getpriority(PRIO_PROCESS, static_cast<id_t>(all.of(role))), 7) << role;
            }
            ::kill(harness, SIGINT);
        });
    EXPECT_EQ(got.exit_code, 130) << got.err;
}

TEST(inherited, machine_without_proc_is_told_of_in_one_line) {
    if (test::sanitized) {
        GTEST_SKIP() << "a sanitizer needs /proc itself, and complains";
    }
    const workplace place;
    const outcome_of_run got = place.run_prepared(
        [] {
            if (::unshare(CLONE_NEWNS) != 0 ||
                ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
                ::mount("none", "/proc", "tmpfs", 0, nullptr) != 0) {
                ::_exit(3);
            }
        },
        small("apply_async"));
    if (got.exit_code == 3) {
        GTEST_SKIP() << "only root may hide /proc";
    }
    EXPECT_EQ(got.exit_code, 2);
    EXPECT_TRUE(says(got.err, "/proc does not show this process")) << got.err;
    EXPECT_EQ(lines_of(got.err), 1U) << got.err;
    EXPECT_EQ(place.files(), std::vector<std::string>{});
}

TEST(inherited, descriptors_beside_the_standard_ones_are_not_handed_on) {
    const workplace place;
    const outcome_of_run got = place.run_prepared(
        [] {
            for (int fd = 3; fd < 40; ++fd) {
                ::dup2(STDERR_FILENO, fd);
            }
        },
        endless,
        [&](pid_t harness) {
            const family all(place.inside(), "worker");
            for (const char* role : {"supervisor", "trial", "worker"}) {
                const auto directory = "/proc/" + std::to_string(all.of(role)) + "/fd";
                EXPECT_FALSE(std::filesystem::exists(
                    std::filesystem::symlink_status(std::filesystem::path(directory) / "39")))
                    << role;
            }
            ::kill(harness, SIGINT);
        });
    EXPECT_EQ(got.exit_code, 130) << got.err;
}

}  // namespace
}  // namespace stratbench
