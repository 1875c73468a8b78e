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

sampler::sampler(const process_ledger& of, std::int64_t every_ns)
    : ledger(of), period_ns(every_ns), thread([this] { watch(); }) {}

void sampler::open(std::int64_t window_start_ns, std::int64_t overrun, std::function<void()> call) {
    {
        const std::lock_guard lock(mutex);
        start_ns = window_start_ns;
        overrun_ns = overrun;
        on_overrun = std::move(call);
        opened = true;
    }
    changed.notify_all();
}

void sampler::watch() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { return opened || finished; });
    take_readings(now_ns());
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

void sampler::take_readings(std::int64_t now) {
    last_ns = now;
    last_cpu_ns = std::max(last_cpu_ns, tree_cpu_ns(ledger));
    last_steal_ns = read_machine_cpu().steal_ns;
}

void sampler::look(bool with_memory) {
    const std::int64_t now = now_ns();
    const std::int64_t from_ns = last_ns;
    const std::int64_t from_cpu_ns = last_cpu_ns;
    const std::int64_t from_steal_ns = last_steal_ns;
    take_readings(now);
    // The stub of a step at the end of a window would show noise, not load.
    const std::int64_t shortest = seen.series.empty() ? 1 : period_ns / 4;
    if (now - from_ns >= shortest) {
        const auto step = static_cast<double>(now - from_ns);
        // What a child used may be missed between its end and its entry in the ledger; it is then
        // counted in the next step, never twice.
        seen.series.push_back({now - start_ns,
                               static_cast<double>(last_cpu_ns - from_cpu_ns) / step,
                               static_cast<double>(last_steal_ns - from_steal_ns) / step});
    }
    seen.peak_processes =
        std::max(seen.peak_processes, 1 + static_cast<int>(ledger.read().living.size()));
    seen.peak_threads = std::max(seen.peak_threads, thread_count() - 1);  // without the sampler's
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
        if (opened) look(true);
    }
    return seen;
}

}  // namespace stratbench
