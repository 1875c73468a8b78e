// What becomes of engines where the system refuses them processes, threads, descriptors or memory.

#include "harness/base/refusal.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <mutex>
#include <string>
#include <vector>

#include "harness/base/process/orphans.hpp"
#include "strategies/engines/pool/worker_pool.hpp"
#include "strategies/engines/worker/worker_executable.hpp"
#include "tests/limit.hpp"
#include "tests/sanitized.hpp"
#include "tests/support.hpp"

namespace stratbench {
namespace {

using testing::TestWithParam;

/// A user id that is not in use, so that a limit on its processes counts ours alone.
constexpr uid_t somebody = 54'321;

/// Whether that user can execute the worker program.
bool is_reachable_for_others(const std::string& program) {
    const pid_t child = ::fork();
    if (child == 0) {
        ::_exit(::setuid(somebody) == 0 && ::access(program.c_str(), X_OK) == 0 ? 0 : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return status == 0;
}

/// Runs f in a process of its own, since limits cannot be raised again; gives what f returned. All
/// that it leaves behind is ended.
template <class F>
std::string in_a_process(F&& f) {
    int ends[2];
    if (::pipe(ends) != 0) {
        return "no pipe";
    }
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(ends[0]);
        const std::string said = f();
        write_all(descriptor(ends[1]), said, "cannot tell");
        ::_exit(0);
    }
    ::close(ends[1]);
    std::string heard;
    char buffer[4096];
    for (ssize_t got = 0; (got = ::read(ends[0], buffer, sizeof buffer)) > 0;) {
        heard.append(buffer, static_cast<std::size_t>(got));
    }
    ::close(ends[0]);
    ::waitpid(child, nullptr, 0);
    return heard;
}

/// What stands in the way of a pool; empty if nothing does.
std::string refusal_of(worker_kind kind, int workers) {
    process_ledger ledger;
    try {
        const worker_pool pool({.kind = kind, .start = {.workers = workers, .ledger = &ledger}});
    } catch (const std::exception& error) {
        return error.what();
    }
    return "";
}

std::size_t open_descriptors() {
    std::size_t count = 0;
    for (int fd = 0; fd < 256; ++fd) {
        count += ::fcntl(fd, F_GETFD) >= 0 ? 1 : 0;
    }
    return count;
}

bool says(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

TEST(refusal, names_the_limit_that_an_error_stands_for) {
    EXPECT_TRUE(says(why_refused(EMFILE), "RLIMIT_NOFILE, ulimit -n: "));
    EXPECT_TRUE(says(why_refused(EAGAIN), "RLIMIT_NPROC, ulimit -u: "));
    EXPECT_EQ(why_refused(EACCES), "Permission denied");
    if (test::sanitized) {
        return;  // it needs more address space than any limit leaves it
    }
    EXPECT_EQ(in_a_process([] {
                  test::limit(RLIMIT_AS, rlim_t{1} << 40);
                  return why_refused(ENOMEM);
              }),
              "the limit on address space (RLIMIT_AS, ulimit -v: 1073741824) is reached");
}

class refused_descriptors : public TestWithParam<worker_kind> {};

TEST_P(refused_descriptors, end_in_one_line_that_names_the_limit_and_leave_nothing) {
    if (test::sanitized) {
        GTEST_SKIP() << "a sanitizer looks at memory through descriptors of its own";
    }
    const std::string heard = in_a_process([] {
        test::limit(RLIMIT_NOFILE, 20);
        const std::size_t before = open_descriptors();
        std::string why = refusal_of(GetParam(), 8);
        if (open_descriptors() != before) {
            return "descriptors were left open: " + why;
        }
        if (::waitpid(-1, nullptr, WNOHANG) != -1) {
            return "processes were left: " + why;
        }
        return why;
    });
    EXPECT_TRUE(says(heard, "the limit on open descriptors (RLIMIT_NOFILE, ulimit -n: 20)"))
        << heard;
    EXPECT_TRUE(heard.starts_with("cannot ")) << heard;
    EXPECT_FALSE(says(heard, "\n")) << heard;
}

INSTANTIATE_TEST_SUITE_P(kinds, refused_descriptors,
                         testing::Values(worker_kind::thread, worker_kind::process));

TEST(refused_memory, ends_in_one_line_that_names_the_limit) {
    if (test::sanitized) {
        GTEST_SKIP() << "a sanitizer needs more address space than any limit allows";
    }
    const std::string heard = in_a_process([] {
        test::limit(RLIMIT_AS, 1 << 20);  // less than this process has already
        return refusal_of(worker_kind::process, 1);
    });
    EXPECT_TRUE(says(heard, "the limit on address space (RLIMIT_AS, ulimit -v: 1024)")) << heard;
}

class refused_processes : public testing::Test {
  protected:
    void SetUp() override {
        if (test::sanitized) {
            GTEST_SKIP() << "a sanitizer has threads of its own, which count";
        }
        if (::geteuid() != 0) {
            GTEST_SKIP() << "a limit on processes binds every process of a user";
        }
        if (!is_reachable_for_others(worker_executable())) {
            GTEST_SKIP() << "another user cannot execute the worker program";
        }
    }
    /// Becomes a user whose processes and threads are limited.
    static void become_somebody(rlim_t processes) {
        test::limit(RLIMIT_NPROC, processes);
        if (::setgid(somebody) != 0 || ::setuid(somebody) != 0) {
            ::_exit(2);
        }
    }
};

TEST_F(refused_processes, name_the_worker_and_the_limit) {
    for (const worker_kind kind : {worker_kind::process, worker_kind::thread}) {
        const std::string heard = in_a_process([kind] {
            become_somebody(4);
            const std::string why = refusal_of(kind, 16);
            return ::waitpid(-1, nullptr, WNOHANG) == -1 ? why : "processes were left: " + why;
        });
        EXPECT_TRUE(heard.starts_with("cannot start worker ")) << heard;
        EXPECT_TRUE(says(heard, "(RLIMIT_NPROC, ulimit -u: 4")) << heard;
    }
}

/// Executes tasks in a process each, while no process can be made; what became of each.
std::string run_tasks_without_processes() {
    process_ledger ledger;
    struct printed : output_sink {
        void line(const output_line& line) noexcept override {
            const std::lock_guard lock(mutex);
            text += line.text;
        }
        std::mutex mutex;
        std::string text;
    } output;
    std::string result;
    {
        worker_pool pool({.kind = worker_kind::process_per_task,
                          .start = {.workers = 2, .ledger = &ledger, .output = &output}});
        for (const task& t : test::tasks_of("noop", 200)) {
            pool.submit(t);
        }
        pool.dispatch();
        std::vector<pool_result> results;
        std::size_t errors = 0;
        while (pool.outstanding() != 0) {
            results.clear();
            if (pool.collect(results) == 0) {
                pool.wait();
            }
            for (const pool_result& r : results) {
                errors += r.done.outcome == task_outcome::error ? 1 : 0;
            }
        }
        result = std::to_string(errors) + " errors: ";
    }
    return result + output.text;
}

TEST_F(refused_processes, cost_their_tasks_one_wait_in_all_and_one_line) {
    const std::string heard = in_a_process([] {
        become_somebody(3);  // this one with its thread that hears what workers print, the server
        return run_tasks_without_processes();
    });
    EXPECT_TRUE(
        heard.starts_with("200 errors: stratbench_worker: cannot make a process for a task:"
                          " the limit on processes and threads (RLIMIT_NPROC, ulimit -u: "
                          "3"))
        << heard;
    EXPECT_EQ(heard.find("cannot make"), heard.rfind("cannot make")) << heard;
}

}  // namespace
}  // namespace stratbench
