#include "tests/bench/strategy_subjects.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace stratbench {
namespace {

constexpr int workers = 2;
constexpr std::size_t gib = std::size_t{1} << 30;

/// What is enough for tables without goals.
constexpr int few_rounds = 2;

/// How long the tasks of a batch should take.
constexpr double batch_s = 0.15;

/// Tasks per second that a strategy is guessed to do, empty ones. Only the size of a batch comes
/// from it: the same in every round, in every build and on every machine, so that figures compare.
double guessed_per_s(const std::string& strategy) {
    static const std::map<std::string, double> known = {
        {"pool_map", 20e6}, {"apply_async", 10e6}, {"process_per_task", 10e3}};
    const auto found = known.find(strategy);
    return found == known.end() ? 5e6 : found->second;
}

std::uint64_t batch_size(const std::string& strategy, double work_ns) {
    const double ns = std::max(1e9 / guessed_per_s(strategy), work_ns / workers);
    return static_cast<std::uint64_t>(batch_s * 1e9 / ns);
}

void keep_p99(const trial_record& of, sample& into) {
    if (!of.latency) {
        return;
    }
    into.p99_ns = of.latency->p99;
    into.p99_is_bound = of.latency->censored_from && of.latency->p99 >= *of.latency->censored_from;
}

/// What it can do, then the latency at half of that.
subject capacity_and_tail(trial_bench& trials, std::string name, const trial_wish& wish,
                          std::uint64_t tasks, int rounds) {
    return {std::move(name),
            [&trials, wish, tasks](int round) {
                trial_wish batch = wish;
                batch.load = fmt::format("batch:{}", tasks);
                sample s = throughput_sample(trials.run(batch, round));
                trial_wish half = wish;
                half.load = "poisson:50%own";
                half.own_per_s = 1e9 / s.ns_per_task;
                const trial_record loaded = trials.run(half, round);
                keep_p99(loaded, s);
                return s;
            },
            rounds};
}

/// The median latency of a load under which single tasks travel.
subject single_task_latency(trial_bench& trials, std::string name, const trial_wish& wish) {
    return {std::move(name), [&trials, wish](int round) {
                const trial_record r = trials.run(wish, round);
                sample s = throughput_sample(r);
                if (!r.latency) {
                    throw cannot_measure("no latency: " + r.latency_absent);
                }
                s.ns_per_task = r.latency->p50;
                keep_p99(r, s);
                return s;
            }};
}

subject memory_of_a_million(trial_bench& trials, const std::string& strategy) {
    constexpr int tasks = 1'000'000;
    // Long enough that the front end has accepted them all while most still wait.
    const trial_wish wish = {.strategy = strategy,
                             .workload = "sum_range:n=20000",
                             .load = fmt::format("batch:{}", tasks)};
    return {strategy + ", a million at once",
            [&trials, wish](int round) {
                const trial_record r = trials.run(wish, round);
                sample s = throughput_sample(r);
                s.bytes_per_task = static_cast<double>(r.peak_memory_bytes) / tasks;
                return s;
            },
            1};
}

}  // namespace

const std::vector<bench_task>& bench_tasks() {
    static const std::vector<bench_task> all = {{"empty", "noop", 0},
                                                {"1 us", "sqrt_log:duration=1us", 1e3},
                                                {"10 us", "sqrt_log:duration=10us", 10e3},
                                                {"100 us", "sqrt_log:duration=100us", 100e3}};
    return all;
}

const std::vector<std::string>& bench_strategies() {
    static const std::vector<std::string> all = {"pool_map",
                                                 "apply_async",
                                                 "async_process_pool",
                                                 "async_process_pool:coroutine=asio",
                                                 "async_thread_pool",
                                                 "process_per_task",
                                                 "sync"};
    return all;
}

std::string subject_name(const std::string& strategy, const bench_task& task) {
    return task.work_ns == 0 ? strategy : fmt::format("{}, {} tasks", strategy, task.label);
}

std::vector<subject> strategy_subjects(trial_bench& trials) {
    std::vector<subject> all;
    for (const bench_task& task : bench_tasks()) {
        const std::string workload = trials.resolve(task.workload);
        for (const std::string& strategy : bench_strategies()) {
            const int rounds = task.work_ns == 0 ? std::numeric_limits<int>::max() : few_rounds;
            all.push_back(
                capacity_and_tail(trials, subject_name(strategy, task),
                                  {.strategy = strategy, .workload = workload, .load = {}},
                                  batch_size(strategy, task.work_ns), rounds));
        }
    }
    const std::string forking = "process_per_task";
    all.push_back({forking + " from 1 GiB", [&trials, forking](int round) {
                       return throughput_sample(
                           trials.run({.strategy = forking,
                                       .workload = "noop",
                                       .load = fmt::format("batch:{}", batch_size(forking, 0)),
                                       .ballast_bytes = gib},
                                      round));
                   }});
    for (const char* pool : {"pool_map", "apply_async", "async_process_pool"}) {
        const std::string name = pool;
        all.push_back(single_task_latency(
            trials, name + ", one when idle",
            {.strategy = name, .workload = "noop", .load = "trickle:every=1ms,tasks=150"}));
        all.push_back(
            single_task_latency(trials, name + ", back to back",
                                {.strategy = name, .workload = "noop", .load = "closed:1"}));
        all.push_back(memory_of_a_million(trials, name));
    }
    all.push_back(memory_of_a_million(trials, "async_thread_pool"));
    return all;
}

}  // namespace stratbench
