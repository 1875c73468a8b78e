#include "harness/study/capacity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "harness/base/clock.hpp"
#include "harness/measure/cpu_mask.hpp"
#include "harness/plan/build_plan.hpp"
#include "harness/stats/median.hpp"

namespace stratbench {
namespace {

constexpr int trials = 3;
constexpr std::int64_t warm_up_ns = 20'000'000;
/// How long a batch should take, so that its beginning and its end do not count for much; and what
/// is long enough. A task that takes longer by itself is measured with two for each worker.
constexpr double wanted_ns = 50e6;
constexpr double enough_ns = wanted_ns / 3;
constexpr std::uint64_t largest_batch = 2'000'000;
/// So much more is tried at once: the first, small batches look slower than large ones are.
constexpr double steepest_growth = 1000;

trial_record run_batch(const cell& planned, std::uint64_t tasks, int round,
                       const trial_starter& start, const std::atomic<bool>& stop) {
    trial_request request;
    request.planned = planned;
    request.planned.lead_in_ns = 0;
    request.planned.load = {
        .kind = load_plan::shape::batch, .text = fmt::format("batch:{}", tasks), .tasks = tasks};
    request.round = round;
    request.warm_up_ns = warm_up_ns;
    return run_trial(start, request, trial_deadline_ns(request.planned, warm_up_ns), stop);
}

}  // namespace

double undisturbed_cost_ns(const task_template& t) {
    // Readings on two CPUs over half a second: of recorded noise 1 in 100 is 10 % too high, where
    // of single ones it is 1 in 15 (tests/oracle has the recordings).
    constexpr std::int64_t long_enough_ns = 500'000'000;
    const kept_affinity before;
    const int cpus = before.all.count();
    double least_ns = std::numeric_limits<double>::infinity();
    const std::int64_t until = now_ns() + long_enough_ns;
    int reading = 0;
    do {
        before.all.single(reading++ % cpus).confine_this_thread();
        least_ns = std::min(least_ns, serial_cost_ns(t));
    } while (now_ns() < until);
    return least_ns;
}

capacity measure_capacity(const cell& planned, const trial_starter& start,
                          const std::atomic<bool>& stop) {
    auto tasks = 2 * static_cast<std::uint64_t>(planned.workers);
    std::vector<double> rates;
    for (int round = 0; rates.size() < trials; ++round) {
        const trial_record record = run_batch(planned, tasks, round, start, stop);
        if (record.state == status::failed) {
            return {.reason = record.reason};
        }
        if (record.outcomes.ok == 0) {
            return {.reason = "no task ended well"};
        }
        const auto took_ns = static_cast<double>(record.elapsed_ns);
        if (took_ns >= enough_ns || tasks == largest_batch) {
            rates.push_back(record.throughput_per_s);
        } else {
            const double growth = std::clamp(wanted_ns / took_ns, 2.0, steepest_growth);
            tasks = std::min(largest_batch,
                             static_cast<std::uint64_t>(static_cast<double>(tasks) * growth));
        }
    }
    return {.per_s = median(rates)};
}

}  // namespace stratbench
