#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "harness/base/clock.hpp"
#include "harness/measure/process_tree.hpp"
#include "harness/model/results.hpp"

namespace stratbench {

/// What a sampler saw of a window.
struct samples {
    /// Ends of steps, in nanoseconds from the window's start, and what was busy during each: step
    /// lengths times busy cores add up to the CPU time of the tree.
    std::vector<cpu_sample> series;
    /// The sampler's own thread is not counted.
    process_tree::extent peak;
};

/// How often a sampler looks; nanoseconds.
struct sampling {
    /// Between two looks at the CPU time.
    std::int64_t period_ns = 0;
    /// From the window's start to the first look at everything, for windows that end before the
    /// first period does.
    std::int64_t first_ns = 0;
    /// Whether it looks at everything at all, or at the CPU time alone.
    bool everything = true;
};

/// A thread that looks at the process tree again and again while a window is open. It is made,
/// takes its first reading and falls asleep before the window opens: each of these takes longer
/// than many a task. Its own CPU time is part of the tree's; it looks less often where that would
/// be more than 1 % of a CPU.
class sampler {
  public:
    sampler(const process_ledger& ledger, const sampling& rhythm);
    sampler(const sampler&) = delete;
    sampler& operator=(const sampler&) = delete;
    ~sampler() { end(); }

    /// Takes the reading with which the first step begins, of a window that opens now and may last
    /// for `limit_ns` (never_ns = no limit). The thread sleeps when this returns. Called once.
    void begin(std::int64_t limit_ns);

    /// The window has opened at `start_ns`. If it is still open when its limit is over, the
    /// sampler's thread calls `on_overrun` once. Wakes nobody. Called once, soon after `begin`.
    void open(std::int64_t start_ns, std::function<void()> on_overrun);

    /// Has a last look taken and ends the thread. Idempotent; the samples are those of the first
    /// call. Throws what the thread has failed of, which has ended the window as an overrun does.
    const samples& finish();

  private:
    struct counts {
        std::int64_t at_ns = 0, cpu_ns = 0, steal_ns = 0;
    };

    void watch();
    void fail(std::exception_ptr why);
    void end();
    void look_at_cpu(bool last);
    void look_at_everything();
    [[nodiscard]] counts count(bool exactly);

    process_tree tree_;
    sampling rhythm_;
    /// Until the window has opened it is that of the first reading, or later; then it stays.
    std::int64_t start_ns_ = 0;
    std::int64_t limit_ns_ = never_ns;
    std::function<void()> on_overrun_;

    /// At the ends of the step before the last one and of the last one.
    counts before_, now_;
    samples seen_;
    std::exception_ptr failure_ = nullptr;

    std::mutex mutex_;
    std::condition_variable changed_;
    enum class phase { waits, begins, ready, watches, finished };
    phase phase_ = phase::waits;
    std::jthread thread_;
};

}  // namespace stratbench
