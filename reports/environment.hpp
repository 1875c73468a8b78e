#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/results/model.hpp"

namespace stratbench::reports {

/// Where a study ran and how it was built, by names. Values are as they stand in the results, empty
/// where they are absent.
std::vector<std::pair<std::string_view, std::string>> environment_of(const study_results& results);

}  // namespace stratbench::reports
