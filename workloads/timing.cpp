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

/// How many times as long one task takes as the other: the median of pairs.
double times_as_long(const task_template& one, const task_template& other) {
    constexpr std::int64_t long_enough_ns = 50'000'000;
    constexpr std::size_t most_pairs = 25;
    const stopwatch of_one(one), of_other(other);
    std::vector<double> ratios;
    for (std::int64_t spent_ns = 0;
         ratios.empty() || (ratios.size() < most_pairs && spent_ns < long_enough_ns);) {
        const std::int64_t first = of_one.time(1), second = of_other.time(1);
        ratios.push_back(static_cast<double>(std::max<std::int64_t>(1, first)) /
                         static_cast<double>(std::max<std::int64_t>(1, second)));
        spent_ns += first + second;
    }
    const auto middle = ratios.begin() + static_cast<std::ptrdiff_t>(ratios.size() / 2);
    std::nth_element(ratios.begin(), middle, ratios.end());
    return *middle;
}

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

bool is_same_work(const task& a, const task& b) {
    return a.workload == b.workload && a.reply_bytes == b.reply_bytes &&
           (workloads()[a.workload]->has_size || a.args[0] == b.args[0]) &&
           std::equal(a.args.begin() + 1, a.args.end(), b.args.begin() + 1);
}

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
    for (const timed_size& known : timed_) {
        if (is_same_work(known.first, t.first) && follows(t, known, duration_ns)) {
            return;
        }
    }
    calibrate(t, duration_ns);
    timed_.push_back({t.first, duration_ns});
}

bool size_timing::follows(task_template& t, const timed_size& known, std::int64_t duration_ns) {
    const double times = static_cast<double>(duration_ns) / static_cast<double>(known.duration_ns);
    const auto of = static_cast<double>(known.first.args[0]);
    // Of fewer steps, rounding is a part that counts; further away, caches may.
    constexpr double fewest = 100, furthest = 32;
    if (times != 1 && (std::min(of, times * of) < fewest || std::max(times, 1 / times) > furthest ||
                       times * of > static_cast<double>(largest_argument))) {
        return false;
    }
    task_template like_known = t;
    resize(like_known, known.first.args[0]);
    resize(t, std::llround(times * of));
    // Neighbours in time, because a ratio of them is what a changing CPU leaves as it is.
    constexpr double most_off = 1.25;
    const double off = times == 1 ? 1 : times_as_long(t, like_known) / times;
    return std::max(off, 1 / off) <= most_off;
}

}  // namespace stratbench
