#pragma once

#include <cstdint>

#include "harness/model/metric.hpp"
#include "harness/model/results.hpp"
#include "harness/stats/best.hpp"

namespace stratbench {

/// What a cell may claim in a ranking, in the order in which a report lists them. Only contenders
/// can win.
enum class standing : std::uint8_t {
    contender,
    withheld,  ///< faster than its CPUs allow
    bound,     ///< its figure is a lower bound: nobody knows how slow it really is
    reference,
    no_figure
};

standing standing_of(const cell_result& cell, const metric_info& by);

/// The logarithms of a cell's figures, the greater the better: slice by slice where each has the
/// figure, otherwise trial by trial.
figures_by_round log_figures_of(const cell_result& cell, const metric_info& by);

}  // namespace stratbench
