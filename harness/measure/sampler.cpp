#include "harness/measure/sampler.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "harness/measure/process_tree.hpp"
#include "workloads/clock.hpp"

namespace stratbench {
namespace {

/// Looks between two readings of the memory, which cost the kernel a walk over the page tables.
constexpr int looks_per_memory = 4;

}  // namespace

sampler::sampler(const process_ledger& of, std::int64_t window_start_ns, std::int64_t every_ns,
                 std::int64_t overrun, std::function<void()> on_overrun)
    : ledger(of),
      start_ns(window_start_ns),
      period_ns(every_ns),
      overrun_ns(overrun),
      last_ns(now_ns()),
      last_cpu_ns(tree_cpu_ns(ledger)),
      last_steal_ns(machine_steal_ns()),
      thread([this, call = std::move(on_overrun)]() mutable { watch(std::move(call)); }) {}

void sampler::watch(std::function<void()> on_overrun) {
    std::unique_lock lock(mutex);
    for (int looks = 1; !finished; ++looks) {
        const auto next = std::chrono::steady_clock::time_point(
            std::chrono::nanoseconds(start_ns + looks * period_ns));
        changed.wait_until(lock, next, [this] { return finished; });
        if (finished) break;
        lock.unlock();
        look(looks % looks_per_memory == 0);
        if (on_overrun && now_ns() >= overrun_ns) std::exchange(on_overrun, nullptr)();
        lock.lock();
    }
}

void sampler::look(bool with_memory) {
    const std::int64_t now = now_ns();
    const std::int64_t cpu = tree_cpu_ns(ledger);
    const std::int64_t steal = machine_steal_ns();
    const auto step = static_cast<double>(now - last_ns);
    if (step > 0) {
        // A child that ends between two readings may be counted late, never twice for good.
        seen.series.push_back(
            {now - start_ns,
             static_cast<double>(std::max<std::int64_t>(0, cpu - last_cpu_ns)) / step,
             static_cast<double>(steal - last_steal_ns) / step});
    }
    last_ns = now;
    last_cpu_ns = std::max(cpu, last_cpu_ns);
    last_steal_ns = steal;
    seen.peak_processes =
        std::max(seen.peak_processes, 1 + static_cast<int>(ledger.read().living.size()));
    // Not counting this thread.
    seen.peak_threads = std::max(seen.peak_threads, thread_count() - 1);
    if (with_memory) {
        seen.peak_memory_bytes = std::max(seen.peak_memory_bytes, tree_memory_bytes(ledger));
    }
}

const samples& sampler::finish() {
    if (thread.joinable()) {
        {
            const std::lock_guard lock(mutex);
            finished = true;
        }
        changed.notify_all();
        thread.join();
        look(true);
        seen.peak_threads = std::max(seen.peak_threads, thread_count());
    }
    return seen;
}

}  // namespace stratbench
