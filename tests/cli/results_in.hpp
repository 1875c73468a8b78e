#pragma once

#include <fstream>
#include <string>

#include <nlohmann/json.hpp>

#include "tests/cli/workplace.hpp"

namespace stratbench {

/// Our object in a results file.
inline nlohmann::json results_in(const workplace& place, const std::string& name = "results.json") {
    return nlohmann::json::parse(std::ifstream(place.inside() / name))["stratbench"];
}

}  // namespace stratbench
