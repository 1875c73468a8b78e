#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "harness/results/model.hpp"
#include "strategies/process_ledger.hpp"

namespace stratbench {

/// What a sampler saw of a window.
struct samples {
    std::vector<cpu_sample> series;
    std::uint64_t peak_memory_bytes = 0;
    int peak_processes = 0;
    int peak_threads = 0;
};

/// A thread that looks at the process tree every `period_ns` while a window is open. It is made
/// before the window opens, because making a thread takes longer than many a task. Its own CPU
/// time, a few microseconds a look, is part of the tree's.
class sampler {
  public:
    sampler(const process_ledger& ledger, std::int64_t period_ns);
    sampler(const sampler&) = delete;
    sampler& operator=(const sampler&) = delete;
    ~sampler() { finish(); }

    /// The window opens at `start_ns`. If it is still open at `overrun_ns` (never_ns = no limit),
    /// the sampler's thread calls `on_overrun` once. Called once.
    void open(std::int64_t start_ns, std::int64_t overrun_ns, std::function<void()> on_overrun);

    /// Takes a last look and ends the thread. Idempotent; the samples are those of the first call.
    const samples& finish();

  private:
    void watch();
    void look(bool with_memory);
    void take_readings(std::int64_t now);

    const process_ledger& ledger;
    std::int64_t period_ns;
    std::int64_t start_ns = 0;
    std::int64_t overrun_ns = 0;
    std::function<void()> on_overrun;

    std::int64_t last_ns = 0;
    std::int64_t last_cpu_ns = 0;
    std::int64_t last_steal_ns = 0;
    samples seen;

    std::mutex mutex;
    std::condition_variable changed;
    bool opened = false;
    bool finished = false;
    std::thread thread;
};

}  // namespace stratbench
