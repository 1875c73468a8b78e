#include "workloads/timing.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "harness/base/clock.hpp"
#include "harness/base/sleep.hpp"

namespace stratbench {
namespace {

/// Executes one task again and again on this thread.
class stopwatch {
  public:
    explicit stopwatch(const task_template& t)
        : task_(t.alike().tamed().make(0, 0)), payload_(task_.payload_bytes) {
        generate_payload(task_, payload_);
    }

    /// Nanoseconds that `times` executions take together.
    std::int64_t time(std::int64_t times) const {
        // CPU time, so that what else the machine does is left out; elsewhere it cannot be.
        const bool elsewhere = workloads()[task_.workload]->works_elsewhere;
        const auto clock = elsewhere ? now_ns : thread_cpu_ns;
        const std::int64_t start = clock();
        for (std::int64_t i = 0; i < times; ++i) {
            execute(task_, payload_);
        }
        return clock() - start;
    }

  private:
    task task_;
    std::vector<std::byte> payload_;
};

std::int64_t three_significant_digits(double x) {
    const double unit = std::pow(10, std::max(0.0, std::floor(std::log10(x)) - 2));
    return static_cast<std::int64_t>(std::round(x / unit) * unit);
}

[[noreturn]] void fail_duration(const task_template& t, std::int64_t duration_ns, double cost_ns) {
    throw usage_error("duration '" + duration_text(duration_ns) +
                      "' cannot be reached: " + t.text() + " takes " +
                      duration_text(std::max<std::int64_t>(1, std::llround(cost_ns))));
}

/// Nothing that takes longer than this is executed again and again to be timed.
constexpr std::int64_t longest_run_ns = 100'000'000;

/// The same tasks of the largest size, up to their own, of which one surely takes less time than
/// longest_run_ns. Sizes are doubled until a task can be timed; its cost is taken to be
/// proportional to its size.
task_template timeable(const task_template& t) {
    constexpr std::int64_t enough_ns = 2'000'000;
    const std::int64_t n = t.first.args[0];
    if (!workloads()[t.first.workload]->has_size) {
        return t;
    }
    task_template smaller = t;
    for (std::int64_t size = 1; size < n;) {
        smaller.first.args[0] = size;
        smaller.first.payload_bytes = payload_length(smaller.first);
        const std::int64_t took_ns = std::max<std::int64_t>(1, stopwatch(smaller).time(1));
        if (took_ns >= enough_ns) {
            const double most =
                static_cast<double>(size) * longest_run_ns / 2 / static_cast<double>(took_ns);
            if (static_cast<double>(n) <= most) {
                return t;
            }
            smaller.first.args[0] = std::max<std::int64_t>(size, std::llround(most));
            smaller.first.payload_bytes = payload_length(smaller.first);
            return smaller;
        }
        size = size > n / 2 ? n : 2 * size;
    }
    return t;
}

}  // namespace

std::uint32_t payload_length(const task& t) {
    const workload& w = *workloads()[t.workload];
    return w.payload_bytes == nullptr ? 0 : static_cast<std::uint32_t>(w.payload_bytes(t));
}

double serial_cost_ns(const task_template& of) {
    const task_template t = timeable(of);
    const double times_as_large =
        of.first.args[0] == t.first.args[0]
            ? 1
            : static_cast<double>(of.first.args[0]) / static_cast<double>(t.first.args[0]);
    constexpr std::int64_t shortest_run_ns = 1'000'000;
    constexpr std::int64_t between_runs_ns = 5'000'000;
    const stopwatch watch(t);
    std::int64_t times = 1;
    std::int64_t elapsed = watch.time(times);
    if (elapsed >= longest_run_ns) {
        return times_as_large * static_cast<double>(elapsed);
    }
    while (elapsed < shortest_run_ns) {
        // Aims above the limit, but never trusts one reading too far.
        const std::int64_t needed =
            1 + 5 * shortest_run_ns / 4 / std::max<std::int64_t>(1, elapsed);
        times *= std::clamp<std::int64_t>(needed, 2, 10);
        elapsed = watch.time(times);
    }
    std::array<std::int64_t, 7> runs{};
    for (std::int64_t& run : runs) {
        // Apart from each other, so that one burst of a neighbour does not slow them all.
        sleep_until(now_ns() + between_runs_ns);
        run = watch.time(times);
    }
    const std::int64_t least = *std::min_element(runs.begin(), runs.end());
    return times_as_large * static_cast<double>(least) / static_cast<double>(times);
}

namespace {

/// Throws usage_error where the workload cannot have this size.
void resize(task_template& t, std::int64_t n) {
    t.first.args[0] = n;
    if (const workload& w = *workloads()[t.first.workload]; w.check != nullptr) {
        w.check(t.first);
    }
    t.first.payload_bytes = payload_length(t.first);
}

/// n is raised until a task takes long enough to be timed well, or as long as it should; from there
/// the cost is taken to be proportional to n, twice, so that a fixed cost of small tasks goes away.
void calibrate(task_template& t, std::int64_t duration_ns) {
    constexpr std::int64_t long_enough_ns = 5'000'000;
    const std::int64_t probe_ns = std::min(duration_ns, long_enough_ns);
    const auto wanted = static_cast<double>(duration_ns);

    resize(t, 1);
    while (stopwatch(t).time(1) < probe_ns && t.first.args[0] <= largest_argument / 2) {
        resize(t, t.first.args[0] * 2);
    }
    for (int pass = 0; pass < 2; ++pass) {
        const double cost = serial_cost_ns(t);
        const double n = static_cast<double>(t.first.args[0]) * wanted / cost;
        if (n < 0.75 || n > static_cast<double>(largest_argument)) {
            fail_duration(t, duration_ns, cost);
        }
        const bool timed_well = cost > static_cast<double>(long_enough_ns) / 2;
        resize(t, std::max<std::int64_t>(1, three_significant_digits(n)));
        if (timed_well) {
            break;
        }
    }
}

}  // namespace

void size_timing::choose(task_template& t, std::int64_t duration_ns) {
    if (const timed_size* const known = near(t.first, duration_ns)) {
        const double n = static_cast<double>(known->first.args[0]) *
                         static_cast<double>(duration_ns) / static_cast<double>(known->duration_ns);
        if (n <= static_cast<double>(largest_argument)) {
            resize(t, std::max<std::int64_t>(1, std::llround(n)));
            return;
        }
    }
    calibrate(t, duration_ns);
    timed_.push_back({t.first, duration_ns});
}

const size_timing::timed_size* size_timing::near(const task& like, std::int64_t duration_ns) const {
    // Below that, what a task costs beside its size counts; further away, caches may.
    constexpr std::int64_t shortest_ns = 20'000;
    constexpr std::int64_t furthest = 32;
    const auto is_near = [&](const timed_size& each) {
        return each.first.workload == like.workload &&
               std::equal(each.first.args.begin() + 1, each.first.args.end(),
                          like.args.begin() + 1) &&
               std::min(each.duration_ns, duration_ns) >= shortest_ns &&
               std::max(each.duration_ns, duration_ns) / furthest <=
                   std::min(each.duration_ns, duration_ns);
    };
    const auto found = std::find_if(timed_.begin(), timed_.end(), is_near);
    return found == timed_.end() ? nullptr : &*found;
}

}  // namespace stratbench
