#pragma once

#include <cmath>
#include <initializer_list>
#include <string>
#include <vector>

#include "harness/model/measurement.hpp"

namespace stratbench {

/// A cell whose trials, one in each round, have these throughputs.
inline measured_cell measured_cell_of(std::string name, const std::vector<double>& throughputs) {
    measured_cell cell;
    cell.name = std::move(name);
    for (const double throughput : throughputs) {
        measured_trial& trial = cell.trials.emplace_back();
        trial.round = static_cast<int>(cell.trials.size()) - 1;
        trial.figure(metric::throughput) = throughput;
    }
    return cell;
}

inline measurement file_of(std::string study, std::vector<measured_cell> cells) {
    measurement file;
    file.info.id = std::move(study);
    file.cells = std::move(cells);
    return file;
}

/// `rounds` throughputs that scatter by a percent or so around `middle`, each time in the same way.
inline std::vector<double> scattered(double middle, int rounds, double phase = 0) {
    std::vector<double> values;
    for (int i = 0; i < rounds; ++i) {
        values.push_back(middle * std::exp(0.01 * std::sin(1.7 * i + phase)));
    }
    return values;
}

}  // namespace stratbench
