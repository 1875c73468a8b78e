#include "harness/measure/sampler.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "harness/base/clock.hpp"
#include "harness/measure/machine_cpu.hpp"

namespace stratbench {
namespace {

/// Periods between two looks at everything, which cost the kernel a walk over the page tables.
constexpr std::int64_t periods_per_full_look = 4;

/// Time between two looks of a kind, in costs of one: more often would cost more than 1 % of a CPU.
constexpr std::int64_t rest = 100;

/// An instant at which something is to be done again and again.
struct appointment {
    std::int64_t at_ns;
    std::int64_t period_ns;

    template <class Action>
    void keep(std::int64_t now, Action action) {
        if (now < at_ns) return;
        action();
        const std::int64_t ended = now_ns();
        at_ns = std::max(at_ns + period_ns, ended + rest * (ended - now));
    }
};

}  // namespace

sampler::sampler(const process_ledger& of, const sampling& with) : tree(of), rhythm(with) {
    tree.walk();  // before the window, so that its first reading is a quick one
    thread = std::thread([this] { watch(); });
}

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
    if (!opened) return;
    before = now = count(false);
    appointment cpu{start_ns + rhythm.period_ns, rhythm.period_ns};
    appointment everything{rhythm.everything ? start_ns + rhythm.first_ns : never_ns,
                           periods_per_full_look * rhythm.period_ns};
    while (!finished) {
        const std::int64_t overrun = on_overrun ? overrun_ns : never_ns;
        const auto next = std::chrono::steady_clock::time_point(
            std::chrono::nanoseconds(std::min({cpu.at_ns, everything.at_ns, overrun})));
        changed.wait_until(lock, next, [this] { return finished; });
        if (finished) break;
        lock.unlock();
        cpu.keep(now_ns(), [this] { look_at_cpu(false); });
        if (rhythm.everything) everything.keep(now_ns(), [this] { look_at_everything(); });
        if (on_overrun && now_ns() >= overrun_ns) std::exchange(on_overrun, nullptr)();
        lock.lock();
    }
    lock.unlock();
    look_at_cpu(true);
    if (rhythm.everything) look_at_everything();
}

sampler::counts sampler::count(bool exactly) {
    // What a child used may be missed between its end and its entry among the reaped; it is then
    // counted in the next step, never twice.
    const std::int64_t cpu_ns = exactly ? tree.walk().cpu_ns() : tree.cpu_ns();
    return {now_ns(), std::max(now.cpu_ns, cpu_ns), read_machine_cpu().steal_ns};
}

void sampler::look_at_cpu(bool last) {
    const counts next = count(last);
    // The stub of a step at the end of a window would show noise, not load.
    if (last && !seen.series.empty() && next.at_ns - now.at_ns < rhythm.period_ns / 4) {
        seen.series.pop_back();
    } else {
        before = now;
    }
    now = next;
    const auto step = static_cast<double>(now.at_ns - before.at_ns);
    if (step <= 0) return;
    seen.series.push_back({now.at_ns - start_ns,
                           static_cast<double>(now.cpu_ns - before.cpu_ns) / step,
                           static_cast<double>(now.steal_ns - before.steal_ns) / step});
}

void sampler::look_at_everything() {
    process_tree::extent found = tree.measure();
    --found.threads;  // this one
    process_tree::extent& peak = seen.peak;
    peak.processes = std::max(peak.processes, found.processes);
    peak.threads = std::max(peak.threads, found.threads);
    peak.descriptors = std::max(peak.descriptors, found.descriptors);
    peak.memory_bytes = std::max(peak.memory_bytes, found.memory_bytes);
}

const samples& sampler::finish() {
    if (thread.joinable()) {
        {
            const std::lock_guard lock(mutex);
            finished = true;
        }
        changed.notify_all();
        thread.join();
    }
    return seen;
}

}  // namespace stratbench
