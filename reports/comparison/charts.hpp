#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "harness/model/results.hpp"
#include "reports/comparison/table.hpp"
#include "reports/web/chart.hpp"

namespace stratbench {

/// Charts of a comparison show so many cells one by one; of more, the first.
inline constexpr std::size_t most_cells_drawn = 24;

/// One row of a chart: a figure that the gate looks at, and its name there.
struct drawn_figure {
    /// What tells its cell apart from the others, and the metric.
    std::string name;
    const compared_metric* figure;
    /// As in comparison_table::row.
    std::string change;
};

/// What the gate looks at, what a reader should see first.
std::vector<drawn_figure> drawn_figures(const comparison_table& table);

/// The ratios with their intervals; absent without a figure.
std::optional<chart> forest_chart(const std::vector<drawn_figure>& figures,
                                  const comparison& found);

/// The ratios of each round; absent where nothing is paired.
std::optional<chart> pairs_chart(const std::vector<drawn_figure>& figures, const comparison& found);

/// Both latencies of each cell of `table` with an open load that both sides have measured; at most
/// `most_cells_drawn`.
std::vector<chart> latency_charts(const comparison_table& table, const study_results& base,
                                  const study_results& candidate);

/// The colours of the two sides in the latency charts.
inline constexpr const char* colour_of_base = "#56b4e9";
inline constexpr const char* colour_of_new = "#d55e00";

}  // namespace stratbench
