#pragma once

#include <string>
#include <vector>

#include "harness/judge/summarise.hpp"
#include "harness/stats/histogram/histogram.hpp"

/// Trials, cells and studies with chosen figures, for the tests of statistics and results.
namespace stratbench::fixture {

inline trial_record trial(int round, double throughput_per_s) {
    trial_record record;
    record.round = round;
    record.throughput_per_s = throughput_per_s;
    record.elapsed_ns = 1'000'000'000;
    record.cpu.mean_busy_cores = 2;
    record.latency_absent = "all tasks of a batch are due at 0";
    record.outcomes.due = record.outcomes.accepted = record.outcomes.ok = 1000;
    return record;
}

/// `count` tasks, all of them with this latency, and as many percentiles of it.
inline trial_record with_latency(trial_record record, std::uint64_t count, double ns) {
    histogram h;
    h.record(static_cast<std::int64_t>(ns), count);
    distribution d;
    d.count = count;
    d.mean = d.max = ns;
    d.p50 = d.p90 = d.p99 = d.p999 = ns;
    d.histogram_v2 = h.encode();
    record.latency = d;
    record.latency_absent.clear();
    return record;
}

inline cell_result cell_of(const std::string& strategy, std::vector<trial_record> trials,
                           load_plan::shape shape = load_plan::shape::batch) {
    cell_result result;
    result.planned.strategy = strategy;
    result.planned.workload = "sqrt_log:n=300000";
    result.planned.load.kind = shape;
    result.planned.load.text = shape == load_plan::shape::batch ? "batch:1000" : "poisson:500/s";
    result.planned.workers = result.planned.cpus = 4;
    result.trials = std::move(trials);
    result.summary = summarise(result.planned, result.trials);
    return result;
}

inline cell_result batch_cell(const std::string& strategy, const std::vector<double>& throughputs) {
    std::vector<trial_record> trials;
    for (const double value : throughputs) {
        trials.push_back(trial(static_cast<int>(trials.size()), value));
    }
    return cell_of(strategy, std::move(trials));
}

/// An open load's cell with one trial of 1,000 tasks for each of these latencies.
inline cell_result open_cell(const std::string& strategy, const std::vector<double>& latencies_ns) {
    std::vector<trial_record> trials;
    for (const double ns : latencies_ns) {
        trials.push_back(with_latency(trial(static_cast<int>(trials.size()), 500), 1000, ns));
    }
    return cell_of(strategy, std::move(trials), load_plan::shape::poisson);
}

inline study_results study_of(std::vector<cell_result> cells) {
    study_results study;
    for (cell_result& cell : cells) {
        cell.planned.index = static_cast<int>(study.plan.cells.size());
        study.plan.cells.push_back(cell.planned);
    }
    study.cells = std::move(cells);
    return study;
}

}  // namespace stratbench::fixture
