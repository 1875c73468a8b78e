// What the harness itself costs: recording, stamping, handing out, pacing. Goals stand beside.

#include <benchmark/benchmark.h>

#include <array>
#include <random>
#include <vector>

#include "harness/base/clock.hpp"
#include "harness/stats/histogram/histogram.hpp"
#include "harness/trial/window.hpp"

namespace stratbench {
namespace {

/// Latencies as they come: over three decades, so that slots are not always in the cache.
std::vector<std::int64_t> latencies() {
    std::mt19937_64 random(1);
    std::lognormal_distribution<double> draw(12, 1.5);
    std::vector<std::int64_t> all(1 << 16);
    for (std::int64_t& ns : all) {
        ns = static_cast<std::int64_t>(draw(random));
    }
    return all;
}

/// Goal: below 10 ns.
void histogram_record(benchmark::State& state) {
    const std::vector<std::int64_t> all = latencies();
    histogram h;
    std::size_t i = 0;
    for (auto unused : state) {
        static_cast<void>(unused);
        h.record(all[i++ % all.size()]);
    }
    benchmark::DoNotOptimize(h.count());
}
BENCHMARK(histogram_record);

void histogram_merge(benchmark::State& state) {
    histogram a, b;
    for (const std::int64_t ns : latencies()) {
        b.record(ns);
    }
    for (auto unused : state) {
        static_cast<void>(unused);
        a.merge(b);
    }
    benchmark::DoNotOptimize(a.count());
}
BENCHMARK(histogram_merge);

void histogram_encode(benchmark::State& state) {
    histogram h;
    for (const std::int64_t ns : latencies()) {
        h.record(ns);
    }
    for (auto unused : state) {
        static_cast<void>(unused);
        benchmark::DoNotOptimize(h.encode());
    }
}
BENCHMARK(histogram_encode)->Unit(benchmark::kMicrosecond);

void clock_reading(benchmark::State& state) {
    for (auto unused : state) {
        static_cast<void>(unused);
        benchmark::DoNotOptimize(now_ns());
    }
}
BENCHMARK(clock_reading);

/// What a stamped task bears: started and finished.
void stamp(benchmark::State& state) {
    for (auto unused : state) {
        static_cast<void>(unused);
        benchmark::DoNotOptimize(now_ns());
        benchmark::DoNotOptimize(now_ns());
    }
}
BENCHMARK(stamp);

/// Handing out a task and recording its end, by spans of so many.
void window_per_task(benchmark::State& state) {
    const auto at_once = static_cast<std::size_t>(state.range(0));
    constexpr std::uint64_t tasks = 1 << 18;
    cell what;
    what.workload = "noop";
    what.load.tasks = tasks;
    const task_template model = resolve_workload(parse_spec("noop", "workload"));
    std::vector<task> given(at_once);
    std::vector<completion> done(at_once);
    for (auto unused : state) {
        static_cast<void>(unused);
        state.PauseTiming();
        window w(make_arrivals(what, 1, 0), {.model = model, .stamp_one_in = 64});
        w.open();
        state.ResumeTiming();
        for (;;) {
            const take_result got = w.take(given, take_mode::wait);
            if (got.ended) {
                break;
            }
            for (std::size_t i = 0; i < got.count; ++i) {
                done[i].id = given[i].id;
            }
            w.complete({done.data(), got.count});
        }
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) *
                            static_cast<std::int64_t>(tasks));
}
BENCHMARK(window_per_task)->Arg(1)->Arg(16)->Arg(256)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace stratbench
