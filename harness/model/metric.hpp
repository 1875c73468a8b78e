#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "harness/model/cell.hpp"
#include "harness/model/cell_summary.hpp"
#include "harness/model/trial_record.hpp"
#include "harness/stats/estimate.hpp"
#include "harness/stats/tail_rule.hpp"

namespace stratbench {

/// A figure of a trial that can be held against the same figure of another trial.
enum class metric : std::uint8_t {
    throughput,
    p50,
    p90,
    p99,
    p999,
    cpu,
    memory,
    startup,
    real_time,
    cpu_time
};

/// Where a percentile of the latency stands, and what it needs. Only loads with open arrivals have
/// a latency that means something.
struct latency_percentile {
    double distribution::*of_trial;
    percentile cell_summary::percentiles::*of_cell;
    /// Null where any number of tasks is enough.
    const tail_rule* rule = nullptr;
};

/// Everything that differs between two figures. Ranking, comparison, reports and files read it
/// here: a new figure is a line of the enumeration and an entry of `metrics`.
struct metric_info {
    metric id;
    /// How users type it and comparisons show it.
    std::string_view name;
    /// What a ranking calls it.
    std::string_view title;
    std::string_view unit;
    bool more_is_better;
    std::string_view meaning;
    /// The accessors are null where a trial, a slice or a summary has no such figure.
    std::optional<double> (*of_trial)(const trial_record&) = nullptr;
    std::optional<double> (*of_slice)(const slice_record&) = nullptr;
    std::optional<estimate> (*of_cell)(const cell_summary&) = nullptr;
    /// Absent where the figure is no percentile of the latency.
    std::optional<latency_percentile> latency = {};

    /// The figure of one trial, whatever it is worth; absent where it has none.
    [[nodiscard]] std::optional<double> figure(const trial_record& trial) const {
        return of_trial == nullptr ? std::nullopt : of_trial(trial);
    }
    [[nodiscard]] std::optional<double> figure(const slice_record& slice) const {
        return of_slice == nullptr ? std::nullopt : of_slice(slice);
    }
    [[nodiscard]] std::optional<estimate> figure(const cell_summary& summary) const {
        return of_cell == nullptr ? std::nullopt : of_cell(summary);
    }

    /// Whether the figure is a lower bound, because it falls among tasks that failed or were never
    /// served.
    [[nodiscard]] bool is_bound(const trial_record& trial) const {
        return latency && trial.latency &&
               trial.latency->is_bound((*trial.latency).*latency->of_trial);
    }
    [[nodiscard]] bool is_bound(const cell_summary& summary) const {
        return latency && summary.latency_ns && ((*summary.latency_ns).*latency->of_cell).censored;
    }

    /// Whether the figure means something under a load.
    [[nodiscard]] bool applies_to(const load_plan& load) const {
        return of_trial != nullptr && (!latency || load.open());
    }
};

/// CPU time of the whole tree for each ok task, nanoseconds; absent without ok tasks.
std::optional<double> cpu_per_task_ns(const trial_record& trial);

namespace accessor {

template <double distribution::*member>
std::optional<double> trial_latency(const trial_record& trial) {
    if (!trial.latency) {
        return std::nullopt;
    }
    return (*trial.latency).*member;
}

template <percentile cell_summary::percentiles::*member>
std::optional<estimate> cell_latency(const cell_summary& summary) {
    if (!summary.latency_ns) {
        return std::nullopt;
    }
    const percentile& found = (*summary.latency_ns).*member;
    if (!found.value) {
        return std::nullopt;
    }
    return estimate{*found.value, found.ci95};
}

template <auto member, class Whole>
auto value_of(const Whole& whole) {
    return std::optional(static_cast<double>(whole.*member));
}

template <auto member, class Whole>
auto optional_of(const Whole& whole) {
    return whole.*member;
}

inline std::optional<estimate> cell_memory(const cell_summary& summary) {
    return estimate{static_cast<double>(summary.peak_memory_bytes), {}};
}

}  // namespace accessor

/// The table of figures, in the order of the enumeration.
inline constexpr std::array metrics{
    metric_info{.id = metric::throughput,
                .name = "throughput",
                .title = "throughput",
                .unit = "tasks/s",
                .more_is_better = true,
                .meaning = "ok tasks over the window",
                .of_trial = accessor::value_of<&trial_record::throughput_per_s>,
                .of_slice = accessor::value_of<&slice_record::throughput_per_s>,
                .of_cell = accessor::optional_of<&cell_summary::throughput_per_s>},
    metric_info{.id = metric::p50,
                .name = "p50",
                .title = "p50 latency",
                .unit = "ns",
                .more_is_better = false,
                .meaning = "median latency of an open load",
                .of_trial = accessor::trial_latency<&distribution::p50>,
                .of_slice = accessor::optional_of<&slice_record::p50_ns>,
                .of_cell = accessor::cell_latency<&cell_summary::percentiles::p50>,
                .latency = {{&distribution::p50, &cell_summary::percentiles::p50}}},
    metric_info{.id = metric::p90,
                .name = "p90",
                .title = "p90 latency",
                .unit = "ns",
                .more_is_better = false,
                .meaning = "90th percentile of the latency",
                .of_trial = accessor::trial_latency<&distribution::p90>,
                .of_slice = accessor::optional_of<&slice_record::p90_ns>,
                .of_cell = accessor::cell_latency<&cell_summary::percentiles::p90>,
                .latency = {{&distribution::p90, &cell_summary::percentiles::p90}}},
    metric_info{.id = metric::p99,
                .name = "p99",
                .title = "p99 latency",
                .unit = "ns",
                .more_is_better = false,
                .meaning = "99th percentile of the latency",
                .of_trial = accessor::trial_latency<&distribution::p99>,
                .of_cell = accessor::cell_latency<&cell_summary::percentiles::p99>,
                .latency = {{&distribution::p99, &cell_summary::percentiles::p99, &rule_p99}}},
    metric_info{.id = metric::p999,
                .name = "p99.9",
                .title = "p99.9 latency",
                .unit = "ns",
                .more_is_better = false,
                .meaning = "99.9th percentile of the latency",
                .of_trial = accessor::trial_latency<&distribution::p999>,
                .of_cell = accessor::cell_latency<&cell_summary::percentiles::p999>,
                .latency = {{&distribution::p999, &cell_summary::percentiles::p999, &rule_p999}}},
    metric_info{.id = metric::cpu,
                .name = "cpu",
                .title = "CPU per task",
                .unit = "ns",
                .more_is_better = false,
                .meaning = "CPU time of the whole tree for each ok task",
                .of_trial = cpu_per_task_ns},
    metric_info{.id = metric::memory,
                .name = "memory",
                .title = "memory",
                .unit = "bytes",
                .more_is_better = false,
                .meaning = "what the strategy added at its peak",
                .of_trial = accessor::value_of<&trial_record::peak_memory_bytes>,
                .of_cell = accessor::cell_memory},
    metric_info{.id = metric::startup,
                .name = "startup",
                .title = "start-up",
                .unit = "ns",
                .more_is_better = false,
                .meaning = "time to make the workers",
                .of_trial = accessor::value_of<&trial_record::startup_ns>,
                .of_cell = accessor::optional_of<&cell_summary::startup_ns>},
    metric_info{.id = metric::real_time,
                .name = "real_time",
                .title = "real_time",
                .unit = "ns",
                .more_is_better = false,
                .meaning = "wall time of an iteration (files of Google Benchmark only)"},
    metric_info{.id = metric::cpu_time,
                .name = "cpu_time",
                .title = "cpu_time",
                .unit = "ns",
                .more_is_better = false,
                .meaning = "CPU time of an iteration (files of Google Benchmark only)"}};

constexpr const metric_info& about(metric id) {
    return metrics[static_cast<std::size_t>(id)];
}

/// What a cell is judged by first, where nobody asks for others: the median latency where arrivals
/// follow a schedule, the throughput otherwise.
metric primary_metric(const cell& planned);

}  // namespace stratbench
