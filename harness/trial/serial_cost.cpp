#include "harness/trial/serial_cost.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstddef>
#include <vector>

#include "harness/base/clock.hpp"

namespace stratbench {

double serial_cpu_ns(const window& measured) {
    constexpr std::int64_t enough_ns = 2'000'000;
    constexpr std::uint64_t most_tasks = 256;
    constexpr std::size_t most_payload = 1 << 20;
    struct ready_task {
        task tame;
        std::vector<std::byte> payload;
    };
    // Spread over the window, because sizes may grow from task to task.
    std::vector<ready_task> tasks;
    const std::uint64_t step = std::max<std::uint64_t>(1, measured.accepted() / most_tasks);
    for (std::uint64_t id = 0; id < measured.accepted(); id += step) {
        const task t = measured.make_tame(id);
        if (workloads()[t.workload]->works_elsewhere &&
            (measured.endings()[id].completed_ns == 0 ||
             measured.endings()[id].outcome != task_outcome::ok)) {
            continue;  // what was stopped there would not end here
        }
        if (!tasks.empty() && tasks.size() * t.payload_bytes > most_payload) {
            break;
        }
        tasks.push_back({t, std::vector<std::byte>(t.payload_bytes)});
        generate_payload(t, tasks.back().payload);
    }
    if (tasks.empty()) {
        return 0;
    }
    const auto clock = workloads()[tasks.front().tame.workload]->works_elsewhere
                           ? cpu_with_children_ns
                           : thread_cpu_ns;
    std::uint64_t executed = 0;
    std::int64_t spent_ns = 0;
    for (std::size_t at_once = 1; spent_ns < enough_ns; at_once *= 2) {
        const std::int64_t began = clock();
        for (std::size_t i = 0; i < at_once; ++i) {
            const ready_task& next = tasks[executed++ % tasks.size()];
            benchmark::DoNotOptimize(execute(next.tame, next.payload));
        }
        spent_ns += clock() - began;
    }
    if (measured.model().sizes) {
        // Which of the drawn ones it was is no matter.
        double size = 0;
        for (std::size_t i = 0; i < tasks.size(); ++i) {
            const std::uint64_t times =
                executed / tasks.size() + (i < executed % tasks.size() ? 1 : 0);
            size += static_cast<double>(times) * static_cast<double>(tasks[i].tame.args[0]);
        }
        return static_cast<double>(spent_ns) / size *
               static_cast<double>(measured.model().first.args[0]);
    }
    return static_cast<double>(spent_ns) / static_cast<double>(executed);
}

}  // namespace stratbench
