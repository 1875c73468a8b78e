#pragma once

#include <vector>

#include "tests/bench/subject.hpp"
#include "tests/bench/trial_bench.hpp"

namespace stratbench {

/// The tasks that every strategy is measured on; the first is empty.
struct bench_task {
    /// As it stands in the tables, and in a subject's name behind a comma ("pool_map, 10 us
    /// tasks").
    std::string label;
    std::string workload;
    double work_ns = 0;
};
const std::vector<bench_task>& bench_tasks();

/// The strategies of the tables, as specs.
const std::vector<std::string>& bench_strategies();

/// The name of a strategy on a task: that of the strategy where it is empty.
std::string subject_name(const std::string& strategy, const bench_task& task);

/// Every strategy on every task; process_per_task from a large parent; the latency of single tasks
/// through an idle pool and back to back; a million tasks outstanding. `trials` must outlive them.
std::vector<subject> strategy_subjects(trial_bench& trials);

}  // namespace stratbench
