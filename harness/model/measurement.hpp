#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/results.hpp"

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

struct metric_info {
    metric id;
    /// As it is typed and written.
    std::string_view name;
    std::string_view unit;
    bool more_is_better;
    std::string_view meaning;
};

/// In the order of the enumeration.
inline constexpr std::array metrics{
    metric_info{metric::throughput, "throughput", "tasks/s", true, "ok tasks over the window"},
    metric_info{metric::p50, "p50", "ns", false, "median latency of an open load"},
    metric_info{metric::p90, "p90", "ns", false, "90th percentile of the latency"},
    metric_info{metric::p99, "p99", "ns", false, "99th percentile of the latency"},
    metric_info{metric::p999, "p99.9", "ns", false, "99.9th percentile of the latency"},
    metric_info{metric::cpu, "cpu", "ns", false, "CPU time of the whole tree for each ok task"},
    metric_info{metric::memory, "memory", "bytes", false, "what the strategy added at its peak"},
    metric_info{metric::startup, "startup", "ns", false, "time to make the workers"},
    metric_info{metric::real_time, "real_time", "ns", false,
                "wall time of an iteration (files of Google Benchmark only)"},
    metric_info{metric::cpu_time, "cpu_time", "ns", false,
                "CPU time of an iteration (files of Google Benchmark only)"}};

inline constexpr const metric_info& about(metric what) {
    return metrics[static_cast<std::size_t>(what)];
}

/// The figures of one trial that is ok.
struct measured_trial {
    static constexpr double none = std::numeric_limits<double>::quiet_NaN();

    int round = 0;
    /// By metric; `none` where the trial has no such figure, above 0 otherwise.
    std::array<double, metrics.size()> figures = filled_with_none();
    /// What single slices of it say, where they do.
    struct slice {
        int round = 0;
        double throughput = none, p50 = none, p90 = none;

        /// `none` for a metric that single slices have no figure of.
        [[nodiscard]] double figure(metric of) const {
            if (of == metric::throughput) {
                return throughput;
            }
            if (of == metric::p50) {
                return p50;
            }
            return of == metric::p90 ? p90 : none;
        }
    };
    std::vector<slice> slices = {};

    [[nodiscard]] double figure(metric of) const { return figures[static_cast<std::size_t>(of)]; }
    double& figure(metric of) { return figures[static_cast<std::size_t>(of)]; }

  private:
    static constexpr std::array<double, metrics.size()> filled_with_none() {
        std::array<double, metrics.size()> all{};
        all.fill(none);
        return all;
    }
};

/// Something that must be equal for figures to be comparable.
struct condition {
    std::string name;
    std::string value;

    bool operator==(const condition&) const = default;
};

struct measured_cell {
    /// `cell::name()`, or the name in a file of Google Benchmark.
    std::string name;
    /// What the cell is judged by where nobody asks for others.
    metric primary = metric::throughput;
    /// Tasks, rate, length of the window ... of this cell.
    std::vector<condition> conditions;
    /// Why the cell failed or was skipped; empty where it is ok.
    std::string no_figures;
    std::vector<measured_trial> trials;
};

/// What a comparison needs of a results file: each trial's figures, and the conditions under which
/// they were measured. Small: 100,000 trials take about 10 MB.
struct measurement {
    std::string file;
    /// Google Benchmark's own output: names, real_time, cpu_time and repetitions are all there is.
    bool foreign = false;
    study_info info;
    std::string git_revision;
    /// CPU, cores, build type ... of the whole file.
    std::vector<condition> conditions;
    std::vector<measured_cell> cells;
};

}  // namespace stratbench
