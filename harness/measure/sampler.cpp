#include "harness/measure/sampler.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "harness/base/clock.hpp"
#include "harness/base/process/thread.hpp"
#include "harness/measure/machine_cpu.hpp"

namespace stratbench {
namespace {

/// Periods between two looks at everything, which cost the kernel a walk over the page tables.
constexpr std::int64_t periods_per_full_look = 4;

/// Time between two looks of a kind, in costs of one: more often would cost more than 1 % of a CPU.
constexpr std::int64_t rest = 100;

/// `after_ns` may be never_ns.
std::int64_t instant(std::int64_t start_ns, std::int64_t after_ns) {
    return after_ns == never_ns ? never_ns : start_ns + after_ns;
}

/// Something that is to be done again and again; times are from the window's start.
struct appointment {
    std::int64_t at_ns;
    std::int64_t period_ns;

    template <class Action>
    void keep(std::int64_t start_ns, Action action) {
        const std::int64_t began = now_ns();
        if (began < instant(start_ns, at_ns)) {
            return;
        }
        action();
        const std::int64_t ended = now_ns();
        at_ns = std::max(at_ns + period_ns, ended - start_ns + rest * (ended - began));
    }
};

}  // namespace

sampler::sampler(const process_ledger& of, const sampling& with) : tree_(of), rhythm_(with) {
    tree_.walk();  // before the window, so that its first reading is a quick one
    thread_ = start_thread("cannot start the sampler", [this] {
        try {
            watch();
        } catch (...) {
            fail(std::current_exception());
        }
    });
}

void sampler::begin(std::int64_t limit_ns) {
    std::unique_lock lock(mutex_);
    limit_ns_ = limit_ns;
    phase_ = phase::begins;
    changed_.notify_all();
    changed_.wait(lock, [this] { return phase_ == phase::ready || failure_; });
}

void sampler::open(std::int64_t start_ns, std::function<void()> on_overrun) {
    const std::lock_guard lock(mutex_);
    phase_ = phase::watches;
    start_ns_ = start_ns;
    if (failure_) {
        on_overrun();
    } else {
        on_overrun_ = std::move(on_overrun);
    }
}

/// Nobody would end a window any more that lasts too long.
void sampler::fail(std::exception_ptr why) {
    std::function<void()> call;
    {
        const std::lock_guard lock(mutex_);
        failure_ = std::move(why);
        call = std::exchange(on_overrun_, nullptr);
    }
    changed_.notify_all();
    if (call) {
        call();
    }
}

void sampler::watch() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return phase_ != phase::waits; });
    if (phase_ == phase::finished) {
        return;
    }
    before_ = now_ = count(false);
    start_ns_ = now_.at_ns;
    phase_ = phase::ready;
    changed_.notify_all();
    appointment cpu{rhythm_.period_ns, rhythm_.period_ns};
    appointment everything{rhythm_.everything ? rhythm_.first_ns : never_ns,
                           periods_per_full_look * rhythm_.period_ns};
    for (;;) {
        const auto next = std::chrono::steady_clock::time_point(std::chrono::nanoseconds(
            instant(start_ns_, std::min({cpu.at_ns, everything.at_ns, limit_ns_}))));
        changed_.wait_until(lock, next, [this] { return phase_ == phase::finished; });
        if (phase_ == phase::finished) {
            break;
        }
        if (phase_ == phase::ready) {
            start_ns_ = now_ns();  // it opens later than it was to
            continue;
        }
        std::function<void()> call;
        if (now_ns() >= instant(start_ns_, limit_ns_)) {
            call = std::exchange(on_overrun_, nullptr);
            limit_ns_ = never_ns;
        }
        lock.unlock();
        if (call) {
            call();
        }
        cpu.keep(start_ns_, [this] { look_at_cpu(false); });
        if (rhythm_.everything) {
            everything.keep(start_ns_, [this] { look_at_everything(); });
        }
        lock.lock();
    }
    lock.unlock();
    look_at_cpu(true);
    if (rhythm_.everything) {
        look_at_everything();
    }
}

sampler::counts sampler::count(bool exactly) {
    // What a child used may be missed between its end and its entry among the reaped; it is then
    // counted in the next step, never twice.
    const std::int64_t cpu_ns = exactly ? tree_.walk().cpu_ns() : tree_.cpu_ns();
    return {now_ns(), std::max(now_.cpu_ns, cpu_ns), read_machine_cpu().steal_ns};
}

void sampler::look_at_cpu(bool last) {
    const counts next = count(last);
    // The stub of a step at the end of a window would show noise, not load.
    if (last && !seen_.series.empty() && next.at_ns - now_.at_ns < rhythm_.period_ns / 4) {
        seen_.series.pop_back();
    } else {
        before_ = now_;
    }
    now_ = next;
    const auto step = static_cast<double>(now_.at_ns - before_.at_ns);
    if (step <= 0) {
        return;
    }
    seen_.series.push_back({now_.at_ns - start_ns_,
                            static_cast<double>(now_.cpu_ns - before_.cpu_ns) / step,
                            static_cast<double>(now_.steal_ns - before_.steal_ns) / step});
}

void sampler::look_at_everything() {
    process_tree::extent found = tree_.measure();
    --found.threads;  // this one
    process_tree::extent& peak = seen_.peak;
    peak.processes = std::max(peak.processes, found.processes);
    peak.threads = std::max(peak.threads, found.threads);
    peak.descriptors = std::max(peak.descriptors, found.descriptors);
    peak.memory_bytes = std::max(peak.memory_bytes, found.memory_bytes);
}

const samples& sampler::finish() {
    end();
    if (failure_) {
        std::rethrow_exception(std::exchange(failure_, nullptr));
    }
    return seen_;
}

void sampler::end() {
    if (thread_.joinable()) {
        {
            const std::lock_guard lock(mutex_);
            phase_ = phase::finished;
        }
        changed_.notify_all();
        thread_.join();
    }
}

}  // namespace stratbench
