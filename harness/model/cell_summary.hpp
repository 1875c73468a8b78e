#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "harness/model/trial_record.hpp"
#include "harness/stats/estimate.hpp"

namespace stratbench {

/// A percentile: a figure, a bound that it exceeds (censored: it falls among tasks that failed or
/// were never served), or a refusal with its reason.
struct percentile {
    std::optional<double> value;
    std::optional<interval> ci95;
    bool censored = false;
    std::string refused;

    /// The figure; absent where there is only a bound or a refusal.
    [[nodiscard]] std::optional<estimate> figure() const {
        if (!value || censored) {
            return std::nullopt;
        }
        return estimate{*value, ci95};
    }

    bool operator==(const percentile&) const = default;
};

/// Everything a cell's trials say together; made by summarise and nowhere else.
struct cell_summary {
    int trials = 0;  ///< that count: ok ones
    std::optional<estimate> throughput_per_s;
    std::optional<estimate> throughput_per_busy_core;
    std::optional<estimate> makespan_ns;  ///< batch
    /// Open loads; medians.
    std::optional<double> asked_per_s, offered_per_s, queue_growth_per_s;
    struct percentiles {
        percentile p50, p90, p99, p999;
        double max = 0;
        /// The maximum is the bound of a task that failed or was never served.
        bool max_censored = false;
        std::uint64_t count = 0;
        /// All trials merged, for curves.
        std::string histogram_v2;

        bool operator==(const percentiles&) const = default;
    };
    std::optional<percentiles> latency_ns;
    std::string latency_absent;
    std::optional<percentiles> service_ns;
    /// How much longer equal tasks took in one slice of ten than in one of ten others (0.5 = 50 %):
    /// how unsteady the CPUs were. Absent below ten slices, where sizes differ from task to task,
    /// and where workers share CPUs.
    std::optional<double> speed_spread;
    std::optional<phase_means> phases_ns;
    std::optional<estimate> mean_busy_cores;
    std::optional<estimate> efficiency;
    /// Throughput x serial CPU of one task: how many CPUs' worth of work was done.
    std::optional<estimate> speed_up;
    double user_s = 0, system_s = 0;  ///< per trial, mean
    /// Of the whole tree for each ok task, where they are counted.
    std::optional<estimate> context_switches_per_task, migrations_per_task, page_faults_per_task;
    std::optional<estimate> instructions_per_cycle, energy_per_task_j;
    std::optional<estimate> startup_ns;
    double blocked_fraction = 0;  ///< median
    std::int64_t longest_stall_ns = 0;
    std::optional<std::int64_t> longest_loop_lag_ns;
    /// accepted - due where the front end was already waiting; medians.
    std::optional<double> pacing_p50_ns, pacing_p90_ns, pacing_p99_ns;
    std::uint64_t peak_memory_bytes = 0;
    int peak_processes = 0, peak_threads = 0, peak_descriptors = 0;
    outcome_counts outcomes;        ///< summed
    containment_figures contained;  ///< summed

    bool operator==(const cell_summary&) const = default;
};

}  // namespace stratbench
