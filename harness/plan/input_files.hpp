#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/plan/written_options.hpp"

namespace stratbench {

/// The files that written options name, each with its option: see study_option::files_named.
std::vector<std::pair<std::string_view, std::string>> input_files(const written_options& written);

/// The files that are read or executed by what these specs describe.
std::vector<std::string> input_files(std::span<const std::string> strategies,
                                     std::span<const std::string> workloads,
                                     std::span<const std::string> loads);

}  // namespace stratbench
