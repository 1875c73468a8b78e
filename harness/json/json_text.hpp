#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace stratbench {

/// Of the library's two kinds of document the one that keeps its keys in order, everywhere.
using json = nlohmann::ordered_json;

// The library's parser and its writer are instantiated here and nowhere else.

/// With an indent below 0 in one line. Bytes that are not UTF-8 are replaced.
std::string json_text(const json& value, int indent = -1);

/// Throws nlohmann::json::parse_error.
json parse_json(std::string_view text);

/// A discarded value (is_discarded) where the text is not JSON.
json parse_if_json(std::string_view text);

}  // namespace stratbench
