// What it costs that trials live together: starting them, going from one slice to the next, and
// waiting. Goals stand beside.

#include <benchmark/benchmark.h>

#include <atomic>
#include <memory>
#include <vector>

#include "harness/base/clock.hpp"
#include "harness/base/sleep.hpp"
#include "harness/launch/launcher.hpp"
#include "harness/measure/process_tree.hpp"
#include "harness/stats/median.hpp"

namespace stratbench {
namespace {

constexpr std::int64_t slice_deadline_ns = 60'000'000'000;
constexpr std::int64_t batch_lead_in_ns = 2'000'000;
const std::atomic<bool> nobody_stops{false};

std::vector<trial_request> of_six_strategies() {
    std::vector<trial_request> all;
    for (const char* strategy : {"sync", "pool_map", "apply_async", "async_process_pool",
                                 "async_thread_pool", "process_per_task"}) {
        trial_request& request = all.emplace_back();
        request.planned.strategy = strategy;
        request.planned.workload = "sqrt_log:n=6000";
        request.planned.workers = request.planned.cpus = 2;
        request.planned.serial_ns = 20'000;
        request.planned.load = {.kind = load_plan::shape::batch, .text = "batch:20", .tasks = 20};
        request.warm_up_ns = 20'000'000;
    }
    return all;
}

using trials = std::vector<std::unique_ptr<running_trial>>;

trials started(const std::vector<trial_request>& requests) {
    trials all;
    for (const trial_request& request : requests) {
        all.push_back(start_trial(request, slice_deadline_ns, nobody_stops));
    }
    return all;
}

/// Goal: at most 0.4 s.
void starting_six_trials(benchmark::State& state) {
    const std::vector<trial_request> requests = of_six_strategies();
    for (auto unused : state) {
        static_cast<void>(unused);
        trials all = started(requests);
        state.PauseTiming();
        for (const auto& each : all) {
            each->finish(slice_deadline_ns);
        }
        all.clear();
        state.ResumeTiming();
    }
}
BENCHMARK(starting_six_trials)->Unit(benchmark::kMillisecond)->UseRealTime()->Iterations(10);

/// What a slice takes beside its lead-in and its window, by strategy; median. Goal: at most 1.5 ms.
void between_two_slices(benchmark::State& state) {
    const std::vector<trial_request> requests = of_six_strategies();
    const auto which = static_cast<std::size_t>(state.range(0));
    state.SetLabel(requests[which].planned.strategy);
    trials all = started(requests);
    std::vector<double> took;
    int round = 0;
    for (auto unused : state) {
        static_cast<void>(unused);
        const std::int64_t began = now_ns();
        all[which]->measure(round++, slice_deadline_ns);
        took.push_back(static_cast<double>(now_ns() - began));
    }
    const trial_record record = all[which]->finish(slice_deadline_ns);
    const double beside = median(took) - static_cast<double>(record.elapsed_ns) -
                          static_cast<double>(batch_lead_in_ns);
    state.counters["beside_ms"] = beside * 1e-6;
}
BENCHMARK(between_two_slices)
    ->DenseRange(0, 5)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime()
    ->Iterations(200);

/// The same where a slice has many short tasks, each with its place in the record: a closed load of
/// sync's. Goal: at most 10 ms, of which most is the looking at some 30,000 results.
void between_two_slices_of_short_tasks(benchmark::State& state) {
    trial_request request;
    request.planned.strategy = "sync";
    request.planned.workload = "sqrt_log:n=300";
    request.planned.workers = request.planned.cpus = 2;
    request.planned.serial_ns = 1'000;
    request.planned.window_ns = 25'000'000;
    request.planned.load = {
        .kind = load_plan::shape::closed, .text = "closed:4", .tasks = 200'000, .outstanding = 4};
    request.warm_up_ns = 20'000'000;
    const std::unique_ptr<running_trial> trial =
        start_trial(request, slice_deadline_ns, nobody_stops);
    std::vector<double> took;
    int round = 0;
    for (auto unused : state) {
        static_cast<void>(unused);
        const std::int64_t began = now_ns();
        trial->measure(round++, slice_deadline_ns);
        took.push_back(static_cast<double>(now_ns() - began));
    }
    const trial_record record = trial->finish(slice_deadline_ns);
    state.counters["beside_ms"] = (median(took) - static_cast<double>(record.elapsed_ns)) * 1e-6;
}
BENCHMARK(between_two_slices_of_short_tasks)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime()
    ->Iterations(50);

/// Part of a CPU that six trials use while none of them has its turn. Goal: below 0.1 %.
void waiting_trees(benchmark::State& state) {
    const trials all = started(of_six_strategies());
    for (const auto& each : all) {
        each->measure(0, slice_deadline_ns);
    }
    constexpr std::int64_t rest_ns = 2'000'000'000;
    sleep_until(now_ns() + rest_ns);
    const process_ledger nobody;
    process_tree tree(nobody);
    // Of the trees alone: a walk over them is work of this process, and more than they do.
    const auto used_below_ns = [&tree] {
        const std::int64_t all = tree.walk().cpu_ns();
        return all - thread_cpu_ns();
    };
    std::int64_t used_ns = 0, waited_ns = 0;
    for (auto unused : state) {
        static_cast<void>(unused);
        const std::int64_t before = used_below_ns(), began = now_ns();
        sleep_until(began + rest_ns);
        used_ns += used_below_ns() - before;
        waited_ns += now_ns() - began;
    }
    state.counters["part_of_a_cpu"] = static_cast<double>(used_ns) / static_cast<double>(waited_ns);
}
BENCHMARK(waiting_trees)->Unit(benchmark::kMillisecond)->UseRealTime()->Iterations(4);

}  // namespace
}  // namespace stratbench
