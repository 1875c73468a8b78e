#pragma once

#include <optional>

#include "harness/model/results.hpp"

namespace stratbench {

/// What a cell is judged by first: the median latency where arrivals follow a schedule, the
/// throughput otherwise. Absent in a trial that has none, or that failed.
inline std::optional<double> primary_figure(const cell& what, const trial_record& trial) {
    if (trial.state != status::ok) {
        return std::nullopt;
    }
    if (!what.load.ranked_by_latency()) {
        return trial.throughput_per_s;
    }
    if (!trial.latency) {
        return std::nullopt;
    }
    return trial.latency->p50;
}

}  // namespace stratbench
