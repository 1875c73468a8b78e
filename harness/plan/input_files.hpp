#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/plan/written_options.hpp"

namespace stratbench {

/// The files that written options name, each with its option: see study_option::file_named.
std::vector<std::pair<std::string_view, std::string>> input_files(const written_options& written);

/// The traces of a request, of arrivals and of sizes, those that its scenario names as well.
std::vector<std::string> traces_of(const run_request& asked);

}  // namespace stratbench
