// CPU accounting against processes that know how much they burnt, and against what the kernel says
// of them when they are reaped; while another process loads the machine.

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <new>

#include "harness/base/sleep.hpp"
#include "harness/measure/process_tree.hpp"
#include "harness/measure/sampler.hpp"
#include "strategies/engines/pool/worker_pool.hpp"
#include "tests/support.hpp"
#include "tests/units.hpp"

namespace stratbench {
namespace {

/// The promise: what the tree is said to have used is within that part of the truth.
constexpr double promise = 0.02;

/// Uses so much CPU time of this thread, however long that takes.
void burn(std::int64_t cpu_ns) {
    const std::int64_t until = thread_cpu_ns() + cpu_ns;
    while (thread_cpu_ns() < until) {
    }
}

/// 3 ms of CPU in every 10 ms.
void burn_thirty_percent(std::int64_t duration_ns) {
    const std::int64_t began = now_ns();
    for (std::int64_t at = 0; at < duration_ns; at += 10 * ms) {
        sleep_until(began + at);
        burn(3 * ms);
    }
}

std::int64_t kernel_cpu_ns(int whose) {
    rusage usage{};
    ::getrusage(whose, &usage);
    return usage_of(usage).cpu_ns();
}

/// Stages that processes have reached, in memory that they share.
class stages {
  public:
    stages()
        : board_(new (::mmap(nullptr, sizeof(shared), PROT_READ | PROT_WRITE,
                             MAP_SHARED | MAP_ANONYMOUS, -1, 0)) shared) {}
    stages(const stages&) = delete;
    stages& operator=(const stages&) = delete;
    ~stages() { ::munmap(board_, sizeof *board_); }

    /// Also leaves what the kernel says that the caller has used so far.
    void announce(int stage) {
        board_->used_ns.store(kernel_cpu_ns(RUSAGE_SELF));
        board_->reached.store(stage);
    }
    void wait_for(int stage) {
        while (board_->reached.load() < stage) {
            sleep_until(now_ns() + ms);
        }
    }
    /// By whoever announced last.
    [[nodiscard]] std::int64_t used_ns() const { return board_->used_ns.load(); }

  private:
    struct shared {
        std::atomic<int> reached{0};
        std::atomic<std::int64_t> used_ns{0};
    };
    shared* board_;
};

pid_t start(const std::function<void()>& body) {
    const pid_t pid = ::fork();
    if (pid == 0) {
        body();
        ::_exit(0);
    }
    return pid;
}

/// Reaps a child and gives what the kernel says that it and those whom it reaped used.
process_usage reap(pid_t pid) {
    rusage usage{};
    EXPECT_EQ(::wait4(pid, nullptr, 0, &usage), pid);
    return usage_of(usage);
}

class cpu_oracle : public testing::Test {
  protected:
    cpu_oracle() {
        // A process that is nobody's child here, so that what it burns is not ours.
        int ends[2];
        EXPECT_EQ(::pipe(ends), 0);
        hog_lifeline = ends[1];
        reap(start([&] {
            start([&] {
                ::close(ends[1]);
                pollfd lifeline{ends[0], POLLIN, 0};
                while (::poll(&lifeline, 1, 0) == 0) {
                    burn(ms);
                }
            });
        }));
        ::close(ends[0]);
        tree.emplace(ledger);
        before = tree->walk();
        own_before = kernel_cpu_ns(RUSAGE_SELF);
    }
    void TearDown() override { ::close(hog_lifeline); }

    /// What the tree has used since the beginning, without this process.
    std::int64_t below_ns() {
        const std::int64_t total = tree->walk().cpu_ns() - before.cpu_ns();
        return total - (kernel_cpu_ns(RUSAGE_SELF) - own_before);
    }
    void expect_below(std::int64_t truth_ns, const char* when) {
        const auto progress = static_cast<double>(below_ns());
        const auto truth = static_cast<double>(truth_ns);
        EXPECT_NEAR(progress, truth, promise * truth) << when;
        RecordProperty(std::string("error_percent, ") + when,
                       std::to_string(100 * (progress - truth) / truth));
    }

    process_ledger ledger;
    std::optional<process_tree> tree;
    process_usage before;
    std::int64_t own_before = 0;
    int hog_lifeline = -1;
    stages stage;
};

TEST_F(cpu_oracle, a_worker_that_burns_thirty_percent_of_a_core_alive_and_reaped) {
    const pid_t pid = start([&] {
        burn_thirty_percent(2000 * ms);
        stage.announce(1);
        stage.wait_for(2);
    });
    ledger.born(pid);
    stage.wait_for(1);
    EXPECT_GE(stage.used_ns(), 600 * ms);
    expect_below(stage.used_ns(), "alive");
    stage.announce(2);
    ledger.leaves(pid);
    const process_usage kernel = reap(pid);
    expect_below(kernel.cpu_ns(), "reaped");
    EXPECT_EQ(tree->walk().voluntary_switches - before.voluntary_switches >= 200, true)
        << "it slept 200 times";
}

TEST_F(cpu_oracle, ten_that_each_live_for_five_milliseconds) {
    std::int64_t kernel = 0;
    for (int i = 0; i < 10; ++i) {
        const pid_t pid = start([] { burn(5 * ms); });
        ledger.born(pid);
        ledger.leaves(pid);
        kernel += reap(pid).cpu_ns();
    }
    expect_below(kernel, "reaped");
    EXPECT_GE(below_ns(), 50 * ms);
}

TEST_F(cpu_oracle, a_grandchild_that_no_engine_knows_alive_and_reaped) {
    const pid_t pid = start([&] {
        burn(100 * ms);
        const pid_t grandchild = start([&] {
            burn(1500 * ms);
            stage.announce(1);
            stage.wait_for(2);
        });
        ::waitpid(grandchild, nullptr, 0);
        stage.announce(3);
        stage.wait_for(4);
    });
    ledger.born(pid);
    stage.wait_for(1);
    expect_below(1600 * ms, "alive");
    stage.announce(2);
    stage.wait_for(3);
    expect_below(1600 * ms, "waited for by its parent");
    stage.announce(4);
    ledger.leaves(pid);
    expect_below(reap(pid).cpu_ns(), "both reaped");
}

TEST_F(cpu_oracle, a_process_for_each_task_is_counted_once_before_and_after_its_server_is_reaped) {
    const std::int64_t reaped_before = kernel_cpu_ns(RUSAGE_CHILDREN);
    std::int64_t alive = 0;
    {
        worker_pool pool(
            {.kind = worker_kind::process_per_task, .start = {.workers = 2, .ledger = &ledger}});
        // So many that what the two servers use to end, 18 ms each under a sanitizer, is no error.
        constexpr std::size_t count = 500;
        for (const task& t : test::tasks_of("sqrt_log:n=1000000", count)) {
            pool.submit(t);
        }
        std::vector<pool_result> results;
        while (results.size() < count) {
            pool.dispatch();
            pool.collect(results);
            sleep_until(now_ns() + ms);
        }
        alive = below_ns();
    }
    const std::int64_t kernel = kernel_cpu_ns(RUSAGE_CHILDREN) - reaped_before;
    EXPECT_NEAR(static_cast<double>(alive), static_cast<double>(kernel),
                promise * static_cast<double>(kernel));
    expect_below(kernel, "reaped");
}

TEST_F(cpu_oracle, the_peak_is_all_that_live_at_once_but_the_sampler) {
    make_first_thread();
    const int threads_of_each = thread_count();  // two under a thread sanitizer
    const auto live_until_told = [&](int stage_when_whole) {
        while (thread_count() < threads_of_each) {  // its sanitizer's comes a moment later
            sleep_until(now_ns() + ms);
        }
        stage.announce(stage_when_whole);
        stage.wait_for(3);
    };
    const pid_t pid = start([&] {
        const pid_t grandchild = start([&] { live_until_told(1); });
        stage.wait_for(1);
        live_until_told(2);
        ::waitpid(grandchild, nullptr, 0);
    });
    stage.wait_for(2);
    ledger.born(pid);
    sampler watching(ledger, {20 * ms, 10 * ms});
    watching.begin(never_ns);
    watching.open(now_ns(), nullptr);
    const samples& seen = watching.finish();
    EXPECT_EQ(seen.peak.processes, 3);
    EXPECT_EQ(seen.peak.threads, 3 * threads_of_each);
    stage.announce(3);
    ledger.leaves(pid);
    reap(pid);
}

TEST_F(cpu_oracle, the_time_series_adds_up_to_the_total) {
    constexpr std::size_t steps = 5;
    std::size_t seen_steps = 0;
    // A sampler that a busy machine lets look seldom has fewer and longer steps: then for longer.
    for (std::int64_t length = 1000 * ms; seen_steps < steps && length <= 16'000 * ms;
         length *= 2) {
        stages here;
        const pid_t pid = start([&] {
            here.wait_for(1);
            const pid_t grandchild = start([&] { burn_thirty_percent(length); });
            burn_thirty_percent(length);
            ::waitpid(grandchild, nullptr, 0);
            here.announce(2);
            here.wait_for(3);
        });
        ledger.born(pid);
        // A look at everything after the last step would be in the total alone.
        sampler watching(ledger, {.period_ns = 20 * ms, .first_ns = 10 * ms, .everything = false});
        const std::int64_t from = tree->walk().cpu_ns();
        watching.begin(never_ns);
        watching.open(now_ns(), nullptr);
        here.announce(1);
        here.wait_for(2);
        const samples& seen = watching.finish();
        const auto total = static_cast<double>(tree->walk().cpu_ns() - from);
        double sum = 0;
        std::int64_t at = 0;
        for (const cpu_sample& step : seen.series) {
            sum += step.busy_cores * static_cast<double>(step.at_ns - at);
            at = step.at_ns;
        }
        EXPECT_GE(total, 600e6);
        EXPECT_NEAR(sum, total, promise * total);
        seen_steps = seen.series.size();
        here.announce(3);
        ledger.leaves(pid);
        reap(pid);
    }
    EXPECT_GE(seen_steps, steps);
}

}  // namespace
}  // namespace stratbench
