#include "tests/bench/python_subjects.hpp"

#include <fmt/format.h>

#include <utility>

namespace stratbench {
namespace {

constexpr python_pair pairs[] = {{"python_pool_map", "pool_map"},
                                 {"python_apply_async", "apply_async"},
                                 {"python_async_process_pool", "asyncio_processes"},
                                 {"python_async_thread_pool", "asyncio_threads"},
                                 {"python_process_per_task", "process_with_pipe"}};

/// Sums of a tenth of a second or two, on two workers.
constexpr const char* sums = "sqrt_log:n=1000";
constexpr const char* some = "batch:1000";
constexpr const char* many = "batch:100000";

subject batch_of(trial_bench& trials, std::string name, trial_wish wish) {
    return {std::move(name), [&trials, wish = std::move(wish)](int round) {
                return throughput_sample(trials.run(wish, round));
            }};
}

std::string idle_backend(std::string_view how) {
    return fmt::format("exec:cmd=python3 -B -s {} {}{}", STRATBENCH_IDLE_BACKEND,
                       STRATBENCH_PYTHON_FOLDER, how);
}

}  // namespace

std::span<const python_pair> python_pairs() {
    return pairs;
}

std::vector<subject> python_subjects(trial_bench& trials) {
    std::vector<subject> all;
    for (const python_pair& pair : pairs) {
        const std::string strategy(pair.strategy);
        all.push_back(batch_of(trials, strategy + ", sums",
                               {.strategy = strategy, .workload = sums, .load = some}));
    }
    all.push_back(batch_of(trials, "python helper",
                           {.strategy = idle_backend(""), .workload = "noop", .load = many}));
    all.push_back(
        batch_of(trials, "python helper, in blocks",
                 {.strategy = idle_backend(" blocks"), .workload = "noop", .load = many}));
    return all;
}

}  // namespace stratbench
