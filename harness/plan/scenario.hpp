#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/plan/request.hpp"

namespace stratbench {

/// A named study that comes with the program: a file of workloads/scenarios, built in.
struct scenario_file {
    std::string_view name;
    std::string_view text;
};

/// In alphabetical order.
std::span<const scenario_file> scenarios();

struct scenario {
    std::string description;
    run_request request;
};

/// Reads a scenario. `origin` (a name or a path) stands in front of every message. Throws
/// usage_error: bad JSON with line and column, an unknown or repeated key with its line and what is
/// accepted, a value of the wrong type with its line.
scenario parse_scenario(std::string_view text, const std::string& origin);

/// The file that load_scenario would read; none where it would read none.
std::vector<std::string> files_of_scenario(const std::string& name_or_path);

/// By the name of a built-in one, or by the path of a file (a name with a '/' or ending in
/// `.json`). Throws usage_error, with a suggestion where the name is unknown.
scenario load_scenario(const std::string& name_or_path);

}  // namespace stratbench
