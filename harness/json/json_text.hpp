#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace stratbench {

/// Of the library's two kinds of document the one that keeps its keys in order, everywhere.
using json = nlohmann::ordered_json;

// The library's parser and its writer are instantiated here and nowhere else.

/// With an indent below 0 in one line. Bytes that are not UTF-8 are replaced.
std::string json_text(const json& value, int indent = -1);

/// More keys than any object of ours has; the library looks for a key among all of its object, so
/// that reading many more would take for ever.
inline constexpr std::size_t most_keys_of_object = 1000;

/// Throws not_json with the position in the file, of which `before` bytes come before the text; and
/// std::runtime_error where an object has more than most_keys_of_object, or one key twice.
json parse_json(std::string_view text, std::uint64_t before = 0);

/// A discarded value (is_discarded) where the text is not JSON.
json parse_if_json(std::string_view text);

}  // namespace stratbench
