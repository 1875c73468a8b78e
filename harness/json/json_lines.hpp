#pragma once

#include <map>
#include <string>
#include <string_view>

namespace stratbench {

/// Which line of a JSON text each key stands in, by JSON pointer (`/cells/0/loads`): what a
/// document tree has forgotten and an error message needs. Throws usage_error, prefixed with
/// `origin`, on bad JSON (line and column) and on a key that an object has twice.
std::map<std::string, int> json_key_lines(std::string_view text, const std::string& origin);

}  // namespace stratbench
