#include "tests/storm/storm.hpp"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <fstream>
#include <vector>

#include "harness/base/clock.hpp"
#include "harness/base/hash.hpp"
#include "harness/base/sleep.hpp"
#include "harness/measure/process_tree.hpp"
#include "strategies/contract/strategy.hpp"
#include "strategies/registry.hpp"
#include "tests/storm/bystander.hpp"
#include "tests/support.hpp"

namespace stratbench::test {
namespace {

constexpr int workers = 3;
constexpr std::int64_t between_kills_ns = 20'000'000;
constexpr std::uint64_t one_in = 100;
/// About as long as a worker lives, so that of those that hang some are killed and some time out.
constexpr std::int64_t task_timeout_ns = 50'000'000;

enum class fate { works, crashes, hangs };

/// As the workload `faults:kind=segfault,and=hang,every=100` decides it.
fate fate_of(const task& t) {
    const std::uint64_t draw = mix64(t.id, t.seed) % one_in;
    if (draw == 0) {
        return fate::crashes;
    }
    return draw == 1 ? fate::hangs : fate::works;
}

/// A sink that tells when the first results have come.
class storm_sink final : public keeping_sink {
  public:
    explicit storm_sink(int fd) : begun_fd_(fd) {}

    void complete(std::span<const completion> done) override {
        keeping_sink::complete(done);
        if (begun_fd_ >= 0 && !told_.exchange(true)) {
            [[maybe_unused]] const ssize_t wrote = ::write(begun_fd_, "x", 1);
        }
    }

  private:
    int begun_fd_;
    std::atomic<bool> told_{false};
};

class silent_output final : public output_sink {
  public:
    void line(const output_line&) noexcept override {}
};

class storm {
  public:
    explicit storm(const storm_request& what) : request_(what) {}

    bool survive(int begun_fd) {
        // Orphans come to this process, where they are found.
        ::prctl(PR_SET_CHILD_SUBREAPER, 1);
        make_first_thread();
        const int descriptors = descriptor_count();
        const int threads = thread_count();
        const std::int64_t began = now_ns();
        subject_ = make_strategy(parse_spec(request_.strategy, "strategy"));
        subject_->start(
            {.workers = workers,
             .ledger = &ledger_,
             .limits = {.task_timeout_ns = task_timeout_ns, .retries = request_.retries},
             .output = &silence_});
        start_up_ns_ = now_ns() - began;
        const double before = work_in_peace("before the storm");
        const std::string what_happened = blow(begun_fd);
        await_all_workers();
        const double after = work_in_peace("after the storm");
        subject_->stop();
        look_for_leftovers(descriptors, threads);
        fmt::print("{}: {}; {:.0f} tasks/s before, {:.0f} after\n", request_.text(), what_happened,
                   before, after);
        return sound_;
    }

  private:
    template <class... Values>
    void expect(bool holds, fmt::format_string<Values...> otherwise, Values&&... values) {
        if (holds) {
            return;
        }
        sound_ = false;
        if (++complaints_ <= 20) {
            fmt::print(stderr, "{}: {}\n", request_.text(),
                       fmt::format(otherwise, std::forward<Values>(values)...));
        }
    }

    /// Each once; false where they are not, and then nothing else can be said.
    bool each_once(const std::vector<completion>& done, std::size_t tasks, const char* when) {
        expect(done.size() == tasks, "{}: {} of {} tasks ended", when, done.size(), tasks);
        for (std::size_t i = 0; i < done.size(); ++i) {
            if (done[i].id == i) {
                continue;
            }
            expect(false, "{}: task {} ended twice or never", when, i);
            return false;
        }
        return done.size() == tasks;
    }

    /// Tasks that do nothing wrong, without a bystander. Gives tasks per second.
    double work_in_peace(const char* when) {
        const std::vector<task> tasks = tasks_of(
            "noop",
            request_.strategy == "process_per_task" ? request_.tasks / 5 : request_.tasks * 10,
            request_.seed);
        list_source source(tasks);
        keeping_sink sink;
        const std::int64_t began = now_ns();
        subject_->run(source, sink);
        const double took_s = static_cast<double>(now_ns() - began) * 1e-9;
        const std::vector<completion> done = sink.by_id();
        if (each_once(done, tasks.size(), when)) {
            for (const task& t : tasks) {
                // A machine that stops for so long may let a task time out: that is not the pool's.
                if (done[t.id].outcome == task_outcome::timed_out) {
                    continue;
                }
                expect_value(t, done[t.id], when);
            }
        }
        return static_cast<double>(tasks.size()) / took_s;
    }

    void expect_value(const task& t, const completion& done, const char* when) {
        expect(done.outcome == task_outcome::ok, "{}: task {} ended as outcome {}", when, t.id,
               static_cast<int>(done.outcome));
        expect(done.outcome != task_outcome::ok || done.value == reference_of(t),
               "{}: task {} has a wrong value", when, t.id);
    }

    std::string blow(int begun_fd) {
        const std::vector<task> tasks =
            tasks_of(fmt::format("faults:kind=segfault,and=hang,every={}", one_in), request_.tasks,
                     request_.seed);
        list_source source(tasks);
        storm_sink sink(begun_fd);
        // A worker must have the time to become one: a sanitizer's takes longer than 20 ms.
        // A fork server that has a child has become one.
        const std::size_t at_work = full_crew() + (request_.strategy == "process_per_task" ? 1 : 0);
        bystander killer(ledger_, at_work, request_.seed, std::max(between_kills_ns, start_up_ns_));
        subject_->run(source, sink);
        const std::uint64_t kills = killer.stop();
        const std::vector<completion> done = sink.by_id();
        if (!each_once(done, tasks.size(), "in the storm")) {
            return "tasks were lost";
        }

        std::array<std::uint64_t, 5> ended{};
        std::uint64_t innocent = 0, crashes_seen = 0;
        for (const task& t : tasks) {
            const task_outcome what = done[t.id].outcome;
            ++ended[static_cast<std::size_t>(what)];
            switch (fate_of(t)) {
                case fate::crashes:
                    // On a machine that stops for so long its time may be over before it crashes.
                    expect(what == task_outcome::crashed || what == task_outcome::timed_out,
                           "task {} crashes and ended as outcome {}", t.id, static_cast<int>(what));
                    if (what == task_outcome::crashed) {
                        ++crashes_seen;
                    }
                    break;
                case fate::hangs:
                    expect(what == task_outcome::timed_out || what == task_outcome::crashed,
                           "task {} hangs and ended as outcome {}", t.id, static_cast<int>(what));
                    break;
                case fate::works:
                    if (what == task_outcome::crashed) {
                        ++innocent;
                    } else if (what != task_outcome::timed_out) {
                        expect_value(t, done[t.id], "in the storm");
                    }
                    break;
            }
        }
        // A worker takes the task with it that it was executing, a fork server one for each child.
        const std::uint64_t most =
            request_.strategy == "process_per_task" ? kills * workers : kills;
        expect(innocent <= most, "{} tasks that do nothing wrong crashed, with {} kills", innocent,
               kills);
        expect(crashes_seen != 0, "no task that crashes was seen to");
        expect(kills != 0, "the bystander killed nobody");
        return fmt::format("{} kills, {} ok, {} crashed, {} timed out", kills, ended[0], ended[2],
                           ended[3]);
    }

    [[nodiscard]] std::size_t full_crew() const {
        return request_.strategy == "process_per_task" ? 1 : workers;
    }

    /// One that was killed before it was ready is replaced after a pause, while there is work.
    void await_all_workers() {
        const std::size_t wanted = full_crew();
        while (ledger_.read().living.size() < wanted) {
            work_in_peace("while workers are replaced");
        }
        expect(ledger_.read().living.size() == wanted, "{} workers live after the storm, not {}",
               ledger_.read().living.size(), wanted);
    }

    void look_for_leftovers(int descriptors, int threads) {
        expect(ledger_.read().living.empty(), "a process is still in the ledger");
        expect(::waitpid(-1, nullptr, WNOHANG) < 0 && errno == ECHILD, "a process is left");
        expect(descriptor_count() == descriptors, "{} descriptors are left",
               descriptor_count() - descriptors);
        // A joined thread may still be on its way out of the kernel's list.
        for (int look = 0; thread_count() != threads && look < 1000; ++look) {
            sleep_until(now_ns() + 1'000'000);
        }
        expect(thread_count() == threads, "a thread is left");
        std::ifstream maps("/proc/self/maps");
        for (std::string line; std::getline(maps, line);) {
            expect(line.find("memfd:") == std::string::npos, "shared memory is left: {}", line);
        }
    }

    const storm_request& request_;
    process_ledger ledger_;
    silent_output silence_;
    std::unique_ptr<strategy> subject_;
    std::int64_t start_up_ns_ = 0;
    bool sound_ = true;
    int complaints_ = 0;
};

}  // namespace

std::string storm_request::text() const {
    return fmt::format("{}:seed={},tasks={},retries={}", strategy, seed, tasks, retries);
}

storm_request parse_storm(const std::string& text) {
    const spec s = parse_spec(text, "storm");
    const auto number = [&s](const char* key, std::int64_t otherwise, std::int64_t least) {
        const auto given = s.find(key);
        return given ? parse_integer(*given, key, least, 100'000'000) : otherwise;
    };
    return {.strategy = s.name,
            .seed = static_cast<std::uint64_t>(number("seed", 1, 0)),
            .tasks = static_cast<std::size_t>(number("tasks", 10'000, 10)),
            .retries = static_cast<int>(number("retries", 0, 0))};
}

bool survive_storm(const storm_request& request, int begun_fd) {
    return storm(request).survive(begun_fd);
}

}  // namespace stratbench::test
