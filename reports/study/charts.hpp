#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/model/results.hpp"
#include "reports/study/group_table.hpp"
#include "reports/web/chart.hpp"

namespace stratbench {

/// One colour for each strategy of a study, the same in every chart: by order of the plan, from
/// palettes that colour-blind readers can tell apart.
std::map<std::string, std::string> strategy_colours(const study_results& results);

/// The cell's strategy's, or grey for a reference.
const std::string& colour_of(const cell_result& cell,
                             const std::map<std::string, std::string>& colours);

/// The charts that the table's cells have data for, its order kept. A curve that the results carry
/// damaged is left out.
std::vector<chart> charts_of(const group_table& table,
                             const std::map<std::string, std::string>& colours);

}  // namespace stratbench
