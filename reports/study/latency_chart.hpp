#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/results.hpp"
#include "reports/web/chart.hpp"

namespace stratbench {

/// The latency of one cell as it is drawn.
struct latency_line {
    const cell_result* cell;
    std::string name;
    std::string colour;
};

/// Percentiles of the merged histograms over each other; `direction` begins the note. Absent where
/// no cell has a latency; a curve that the results carry damaged is left out.
std::optional<chart> latency_chart(const std::vector<latency_line>& lines,
                                   std::string_view direction);

}  // namespace stratbench
