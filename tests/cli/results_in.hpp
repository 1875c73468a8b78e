#pragma once

#include <fstream>
#include <string>

#include <nlohmann/json.hpp>

#include "tests/cli/workplace.hpp"

namespace stratbench {

using json = nlohmann::ordered_json;

/// Our object in a results file.
inline json results_in(const workplace& place, const std::string& name = "results.json") {
    return json::parse(std::ifstream(place.inside() / name))["stratbench"];
}

}  // namespace stratbench
