// One system call after the other fails, in each of the processes of a study, by a library that is
// preloaded (failing_calls.cpp). The study finishes, or its cells fail, or it ends in one line: it
// never hangs, no process crashes, no file is broken, and nothing is left.

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/base/clock.hpp"
#include "harness/base/sleep.hpp"
#include "harness/results/file.hpp"
#include "tests/built.hpp"
#include "tests/cli/workplace.hpp"

namespace stratbench {
namespace {

/// A study in milliseconds.
std::string study_of(const std::string& strategies, const std::string& workload) {
    return "run " + strategies + " --workload " + workload +
           " --load batch:50 --workers 2 --rounds 2 --quick --report none --quiet --worker-log log "
           "--out r.json";
}

/// All kinds of engines, alive at once.
const std::string all_engines =
    "--strategy sync --strategy apply_async --strategy async_thread_pool --strategy "
    "process_per_task";

/// After this many seconds a study that should take one hangs.
constexpr unsigned hangs_s = 100;

bool says(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// A study in which calls fail, and what became of it.
class injected {
  public:
    /// `order` as failing_calls.cpp reads it.
    explicit injected(const std::string& order,
                      const std::string& study = study_of(all_engines, "noop:wait=1ms")) {
        got_ = place_.run_prepared(
            [&order] {
                ::alarm(hangs_s);  // an exec does not end it
                ::setenv("LD_PRELOAD", test::built("libstratbench_failing_calls.so").c_str(), 1);
                ::setenv("STRATBENCH_FAIL", order.c_str(), 1);
                ::setenv("STRATBENCH_FAILED", "../failed", 1);
            },
            study);
        left_ = place_.processes_inside();
        while (place_.processes_inside() != 0) {
            sleep_until(now_ns() + 1'000'000);
        }
    }

    /// Whether there was such a call.
    [[nodiscard]] bool failed_any() const {
        return std::filesystem::exists(place_.inside().parent_path() / "failed");
    }
    [[nodiscard]] const outcome_of_run& got() const { return got_; }
    [[nodiscard]] study_results results() const { return load_results(place_.inside() / "r.json"); }
    [[nodiscard]] bool has_results() const {
        return std::filesystem::exists(place_.inside() / "r.json");
    }

    /// What is wrong with how it ended; empty if nothing is.
    [[nodiscard]] std::string fault() const {
        if (got_.exit_code < 0 || got_.exit_code > 2) {
            return "ended by a signal, or hung: " + got_.err;
        }
        if (got_.exit_code == 2 && std::ranges::count(got_.err, '\n') != 1) {
            return "not one line: " + got_.err;
        }
        if (left_ != 0) {
            return "left processes";
        }
        for (const std::string& file : place_.files()) {
            // Results that could not be saved where they were wanted lie where a line says.
            if (file != "log" && file != "r.json" && !says(got_.err, file)) {
                return "left " + file;
            }
        }
        if (!has_results()) {
            return got_.exit_code == 2 ? "" : "no results";
        }
        for (const cell_result& cell : results().cells) {
            for (const char* never : {"hung", "killed by", "\n"}) {
                if (says(cell.reason, never)) {
                    return cell.planned.strategy + ": " + cell.reason;
                }
            }
            if (cell.state == status::failed && (cell.reason.empty() || got_.exit_code == 0)) {
                return "a cell failed without a word";
            }
        }
        return "";
    }

  private:
    workplace place_;
    outcome_of_run got_;
    /// Processes that lived on when the study had ended.
    int left_ = 0;
};

/// A call that the processes of a study make, those which make it, and how it fails.
struct failing_call {
    const char* name;
    std::vector<const char*> roles;
    std::vector<int> errors;
    friend void PrintTo(const failing_call& c, std::ostream* out) { *out << c.name; }
};

class failing : public testing::TestWithParam<failing_call> {};

TEST_P(failing, calls_end_in_one_line_or_in_a_finished_study) {
    const failing_call& c = GetParam();
    for (const char* role : c.roles) {
        for (const int error : c.errors) {
            // One that is always interrupted has no right answer.
            const char* every = error == EINTR ? ":2" : ":1";
            const injected run(std::string(role) + ":" + c.name + ":" + std::to_string(error) +
                               every);
            EXPECT_TRUE(run.failed_any()) << role << " makes no such call";
            EXPECT_EQ(run.fault(), "") << role << ": " << ::strerror(error);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(
    any, failing,
    testing::Values(
        failing_call{"read", {"trial"}, {EINTR, EIO}},
        // Of an error here Google Benchmark, which reads /proc/cpuinfo, makes an end of its own.
        failing_call{"read", {"run"}, {EINTR}},
        failing_call{"write", {"run", "trial"}, {EINTR, EIO, ENOSPC}},
        failing_call{"open", {"run", "trial"}, {EMFILE, EACCES, ENOMEM}},
        failing_call{"fcntl", {"run", "trial", "worker"}, {EMFILE, EINVAL}},
        failing_call{"poll", {"run", "trial"}, {EINTR, ENOMEM}},
        failing_call{"pipe2", {"run"}, {EMFILE, ENFILE, ENOSYS}},
        failing_call{"dup2", {"trial"}, {EMFILE}},
        failing_call{"epoll_create1", {"trial"}, {EMFILE, ENOMEM, ENOSYS}},
        failing_call{"epoll_ctl", {"trial"}, {ENOMEM, ENOSPC, EPERM}},
        failing_call{"epoll_wait", {"trial"}, {EINTR}},
        failing_call{"eventfd", {"trial"}, {EMFILE, ENOMEM, ENOSYS}},
        failing_call{"eventfd_read", {"trial"}, {EINTR, EAGAIN}},
        failing_call{"socketpair", {"trial"}, {EMFILE, ENOMEM, EPERM}},
        failing_call{"setsockopt", {"trial"}, {EPERM, ENOSYS}},
        failing_call{"shutdown", {"trial"}, {EPERM}},
        failing_call{"recvmsg", {"trial"}, {EINTR, EAGAIN, ENOMEM}},
        failing_call{"memfd_create", {"trial", "fork-server"}, {EMFILE, ENOMEM, ENOSYS}},
        failing_call{"ftruncate", {"trial", "fork-server"}, {EFBIG, ENOMEM}},
        failing_call{"fchmod", {"run", "trial"}, {EPERM, EIO}},
        failing_call{"mmap", {"trial", "worker", "fork-server"}, {ENOMEM, EPERM, EAGAIN}},
        failing_call{"madvise", {"fork-server"}, {EINVAL, ENOMEM}},
        failing_call{"fstat", {"worker"}, {EIO, ENOMEM}},
        failing_call{"fsync", {"run"}, {EIO, EINTR}},
        failing_call{"renameat", {"run"}, {EIO, EPERM}},
        failing_call{"readlink", {"run", "trial"}, {EACCES, ENOMEM}},
        failing_call{"access", {"run", "trial"}, {EACCES}},
        failing_call{
            "posix_spawn", {"run", "supervisor", "trial"}, {EAGAIN, ENOMEM, EPERM, ENOSYS}},
        failing_call{"pthread_create", {"trial"}, {EAGAIN, EPERM}},
        failing_call{"_Fork", {"fork-server"}, {EAGAIN, ENOMEM, ENOSYS}},
        failing_call{"clock_nanosleep", {"run", "trial"}, {EINTR}},
        failing_call{"waitpid", {"run", "supervisor", "trial"}, {EINTR}},
        failing_call{"waitid", {"run", "trial", "fork-server"}, {EINTR}},
        failing_call{"wait4", {"supervisor", "fork-server"}, {EINTR}},
        failing_call{"kill", {"trial", "fork-server"}, {EPERM}},
        failing_call{"prctl", {"run", "supervisor", "trial", "worker"}, {EPERM, ENOSYS}},
        failing_call{"getrlimit", {"run", "supervisor", "trial"}, {EPERM}},
        failing_call{"sched_getaffinity", {"run", "trial"}, {EPERM, ENOSYS, EINVAL}},
        failing_call{"sched_setaffinity", {"trial"}, {EPERM, ENOSYS, EINVAL}},
        failing_call{"sigaction", {"run", "trial", "fork-server"}, {EINVAL}},
        failing_call{"sigprocmask", {"supervisor", "fork-server"}, {EINVAL}},
        failing_call{"sigwaitinfo", {"supervisor"}, {EINTR, ENOSYS}},
        failing_call{"futex", {"trial", "worker", "fork-server"}, {EINTR, EAGAIN}},
        failing_call{"pidfd_open", {"run", "trial"}, {EPERM, ENOSYS, EMFILE}},
        failing_call{"close_range", {"run", "supervisor", "trial"}, {ENOSYS}},
        failing_call{"perf_event_open", {"run"}, {EPERM, ENOSYS}}),
    [](const auto& about) {
        std::string name = about.param.name + std::string("_of_") + about.param.roles.front();
        std::ranges::replace(name, '-', '_');
        return name;
    });

TEST(injected_machine, without_lists_of_children_is_as_any_other) {
    const injected run("all:no_children:0:1");
    EXPECT_EQ(run.got().exit_code, 0) << run.got().err;
    EXPECT_EQ(run.fault(), "");
    for (const cell_result& cell : run.results().cells) {
        const bool has_workers = cell.planned.strategy == "apply_async";
        EXPECT_GE(cell.trials.front().peak_processes, has_workers ? 3 : 1);
    }
}

TEST(injected_machine, without_lists_of_children_ends_what_a_task_has_left) {
    const injected run("all:no_children:0:1",
                       study_of("--strategy sync", "faults:kind=fork,every=10"));
    EXPECT_EQ(run.got().exit_code, 1) << run.got().err;
    EXPECT_EQ(run.fault(), "");
    EXPECT_EQ(run.results().cells.front().reason, "sync left a process behind");
}

TEST(injected_machine, without_signals_to_handles_of_processes_kills_a_worker_all_the_same) {
    const injected run(
        "trial:pidfd_send_signal:1:1",
        study_of("--strategy apply_async --task-timeout 50ms", "faults:kind=hang,every=8"));
    EXPECT_EQ(run.got().exit_code, 0) << run.got().err;
    EXPECT_TRUE(run.failed_any());
    EXPECT_GT(run.results().cells.front().summary.outcomes.timed_out, 0U);
}

TEST(injected_machine, of_thousands_of_cpus_is_as_any_other) {
    const injected run("all:many_cpus:0:1");
    EXPECT_EQ(run.got().exit_code, 0) << run.got().err;
    EXPECT_EQ(run.fault(), "");
    EXPECT_GT(run.results().machine.usable_cpus, 0);
}

TEST(injected_machine, on_which_somebody_sets_the_clock_is_as_any_other) {
    const injected run("all:clock_set:0:1");
    EXPECT_EQ(run.got().exit_code, 0) << run.got().err;
    EXPECT_EQ(run.fault(), "");
}

TEST(injected_machine, that_was_suspended_has_no_figures_of_that_time) {
    const injected run("trial:suspended:0:1");
    EXPECT_EQ(run.got().exit_code, 1) << run.got().err;
    for (const cell_result& cell : run.results().cells) {
        EXPECT_EQ(cell.reason,
                  cell.planned.strategy + " was measured while the machine was suspended");
        EXPECT_FALSE(cell.summary.throughput_per_s);
    }
}

}  // namespace
}  // namespace stratbench
