// What worker processes print, as it arrives: real processes, a sink that keeps the lines.

#include "strategies/engines/pool/worker_output.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>

#include "harness/plan/build_plan.hpp"
#include "strategies/engines/pool/worker_pool.hpp"
#include "strategies/engines/worker/output_marks.hpp"
#include "tests/support.hpp"

namespace stratbench {
namespace {

struct kept_line {
    std::optional<std::size_t> worker;
    pid_t process;
    std::optional<std::uint64_t> task;
    bool likely;
    std::string text;
};

class keeping_output final : public output_sink {
  public:
    void line(const output_line& printed) noexcept override {
        const std::lock_guard lock(mutex_);
        lines_.push_back({printed.worker, printed.process, printed.task, printed.likely,
                          std::string(printed.text)});
        came_.notify_all();
    }
    /// Waits until that many lines have come.
    std::vector<kept_line> first(std::size_t count) {
        std::unique_lock lock(mutex_);
        came_.wait(lock, [&] { return lines_.size() >= count; });
        return lines_;
    }
    std::vector<kept_line> all() { return first(0); }

  private:
    std::mutex mutex_;
    std::condition_variable came_;
    std::vector<kept_line> lines_;
};

/// A process of ours that prints as a worker does.
class printing_process {
  public:
    printing_process(worker_output& output, std::size_t seat, const channel& line,
                     const std::function<void(int fd)>& print) {
        output_socket socket = make_output_socket();
        pid_ = ::fork();
        if (pid_ == 0) {
            print(socket.write.get());
            ::_exit(0);
        }
        output.watch(seat, std::move(socket.read), make_output_socket().read, pid_, line);
    }
    ~printing_process() { wait(); }
    void wait() {
        if (pid_ != 0) {
            ::waitpid(pid_, nullptr, 0);
        }
        pid_ = 0;
    }

  private:
    pid_t pid_ = 0;
};

void put(int fd, std::string_view text) {
    while (!text.empty()) {
        const ssize_t wrote = ::write(fd, text.data(), text.size());
        if (wrote <= 0) {
            ::_exit(1);
        }
        text.remove_prefix(static_cast<std::size_t>(wrote));
    }
}

TEST(worker_output, lines_stay_whole_while_several_workers_print_at_once) {
    constexpr std::size_t workers = 4;
    constexpr std::size_t each = 2000;
    keeping_output kept;
    {
        worker_output output(kept);
        channel line({.capacity = 64});
        std::vector<std::unique_ptr<printing_process>> printing;
        for (std::size_t seat = 0; seat < workers; ++seat) {
            printing.push_back(std::make_unique<printing_process>(output, seat, line, [=](int fd) {
                for (std::size_t i = 0; i < each; ++i) {
                    // In pieces, so that the pieces of several workers come mixed.
                    put(fd, "worker " + std::to_string(seat));
                    put(fd, " says " + std::to_string(i) + "\n");
                }
            }));
        }
        for (std::size_t seat = 0; seat < workers; ++seat) {
            printing[seat]->wait();
            output.leave(seat);
        }
    }
    const std::vector<kept_line> lines = kept.all();
    ASSERT_EQ(lines.size(), workers * each);
    std::array<std::size_t, workers> next{};
    for (const kept_line& l : lines) {
        ASSERT_TRUE(l.worker && *l.worker < workers);
        ASSERT_EQ(l.text, "worker " + std::to_string(*l.worker) + " says " +
                              std::to_string(next[*l.worker]++));
    }
}

TEST(worker_output, is_read_to_the_end_of_a_worker_that_is_gone_and_of_nobody_it_left_behind) {
    std::array<int, 2> hold{};
    ASSERT_EQ(::pipe2(hold.data(), O_CLOEXEC), 0);
    keeping_output kept;
    {
        worker_output output(kept);
        channel line({.capacity = 64});
        printing_process worker(output, 0, line, [&](int fd) {
            ::close(hold[1]);
            if (::fork() == 0) {
                char byte = 0;
                ::read(hold[0], &byte, 1);  // lives until the test ends
                ::_exit(0);
            }
            put(fd, "all that it has to say");
        });
        worker.wait();
        EXPECT_TRUE(kept.all().empty()) << "the line may still go on";
        output.leave(0);
        const std::vector<kept_line> lines = kept.first(1);
        EXPECT_EQ(lines[0].text, "all that it has to say");
    }
    ::close(hold[0]);
    ::close(hold[1]);
}

TEST(worker_output, of_a_flood_makes_the_worker_wait_and_nobody_else) {
    class stuck_output final : public output_sink {
      public:
        void line(const output_line&) noexcept override {
            const std::lock_guard wait(until);
            ++lines;
        }
        std::mutex until;
        int lines = 0;
    } stuck;
    std::unique_lock held(stuck.until);
    worker_output output(stuck);
    channel line({.capacity = 64});
    printing_process worker(output, 0, line, [](int fd) {
        for (int i = 0; i < 100'000; ++i) {
            put(fd, "a line of a flood of lines\n");
        }
    });
    // All of this returns while the reader is stuck.
    printing_process other(output, 1, line, [](int) {});
    other.wait();
    output.leave(1);
    held.unlock();
    worker.wait();
    output.leave(0);
    while (true) {
        const std::lock_guard look(stuck.until);
        if (stuck.lines == 100'000) {
            break;
        }
    }
}

class workers_that_print : public testing::TestWithParam<worker_kind> {
  protected:
    /// Lines by task, those of each in order, of tasks executed by three workers.
    std::map<std::uint64_t, std::vector<std::string>> lines_of(const std::vector<task>& tasks) {
        keeping_output kept;
        process_ledger ledger;
        {
            worker_pool pool(
                {.kind = GetParam(), .start = {.workers = 3, .ledger = &ledger, .output = &kept}});
            for (const task& t : tasks) {
                pool.submit(t);
            }
            pool.dispatch();
            std::vector<pool_result> results;
            while (pool.outstanding() != 0) {
                if (pool.collect(results) == 0) {
                    pool.wait();
                }
            }
        }
        std::map<std::uint64_t, std::vector<std::string>> by_task;
        for (const kept_line& l : kept.all()) {
            EXPECT_TRUE(l.task && !l.likely) << l.text;
            EXPECT_EQ(l.worker.has_value(), GetParam() == worker_kind::process);
            if (l.task) {
                by_task[*l.task].push_back(l.text);
            }
        }
        return by_task;
    }
};

TEST_P(workers_that_print, have_each_line_whole_and_under_the_task_that_printed_it) {
    const std::vector<task> tasks = test::tasks_of("faults:kind=print", 200);
    const auto by_task = lines_of(tasks);
    ASSERT_EQ(by_task.size(), tasks.size());
    for (const auto& [id, lines] : by_task) {
        std::vector<std::string> sorted = lines;
        std::sort(sorted.begin(), sorted.end());
        const std::string first = "task " + std::to_string(id) + " prints a line";
        EXPECT_EQ(sorted, (std::vector<std::string>{"and another", "and another", "and ends amid a",
                                                    "and ends amid a", first, first}));
    }
}

TEST_P(workers_that_print, say_what_a_task_threw) {
    const auto by_task = lines_of(test::tasks_of("faults:kind=throw", 20));
    ASSERT_EQ(by_task.size(), 20U);
    for (const auto& [id, lines] : by_task) {
        EXPECT_EQ(lines, std::vector<std::string>{"task failed: this task throws"}) << id;
    }
}

INSTANTIATE_TEST_SUITE_P(kinds, workers_that_print,
                         testing::Values(worker_kind::process, worker_kind::process_per_task));

TEST(worker_output, leaves_no_thread_and_no_descriptor) {
    const auto count = [](const char* what) {
        return std::distance(std::filesystem::directory_iterator(what), {});
    };
    // With the first thread a sanitizer starts one of its own, which stays.
    std::thread([] {}).join();
    const auto descriptors = count("/proc/self/fd");
    const auto threads = count("/proc/self/task");
    keeping_output kept;
    channel line({.capacity = 64});
    const auto with_channel = count("/proc/self/fd");
    for (int i = 0; i < 20; ++i) {
        worker_output output(kept);
        printing_process worker(output, 0, line, [](int fd) { put(fd, "x\n"); });
        worker.wait();
        output.leave(0);
    }
    EXPECT_EQ(kept.all().size(), 20U);
    EXPECT_EQ(count("/proc/self/fd"), with_channel);
    EXPECT_EQ(with_channel, descriptors + 2);
    // A joined thread may still be on its way out of the kernel's list.
    while (count("/proc/self/task") > threads) {
        ::usleep(1000);
    }
}

TEST(labelled_output, writes_a_flood_to_its_limit_and_says_how_much_it_dropped) {
    std::string path = testing::TempDir() + "stratbench_flood_XXXXXX";
    const descriptor file(::mkstemp(path.data()));
    const std::string text(1000, 'x');
    {
        labelled_output output(file.get(), "s");
        for (std::uint64_t i = 0; i < labelled_output::most_bytes / text.size() + 500; ++i) {
            output.line({.text = text});
        }
    }
    std::ifstream written(path);
    std::string line;
    std::string last;
    std::uint64_t bytes = 0;
    while (std::getline(written, line)) {
        bytes += line.size() + 1;
        last = line;
    }
    ::unlink(path.c_str());
    EXPECT_LT(bytes, labelled_output::most_bytes + 2 * text.size());
    EXPECT_TRUE(last.starts_with("[s] dropped ")) << last;
    EXPECT_NE(last.find(" more lines, "), std::string::npos) << last;
}

}  // namespace
}  // namespace stratbench
