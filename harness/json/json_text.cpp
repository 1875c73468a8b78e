#include "harness/json/json_text.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <vector>

#include <nlohmann/json.hpp>

namespace stratbench {
namespace {

/// What is not JSON is found by the parser.
void require_few_keys(std::string_view text) {
    std::vector<std::size_t> keys_of_open;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quoted) {
            i += c == '\\' ? 1 : 0;
            quoted = c != '"';
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{' || c == '[') {
            keys_of_open.push_back(0);
        } else if ((c == '}' || c == ']') && !keys_of_open.empty()) {
            keys_of_open.pop_back();
        } else if (c == ':' && !keys_of_open.empty() &&
                   ++keys_of_open.back() > most_keys_of_object) {
            throw std::runtime_error(
                fmt::format("has an object of more than {} keys", most_keys_of_object));
        }
    }
}

}  // namespace

std::string json_text(const json& value, int indent) {
    return value.dump(indent, ' ', false, json::error_handler_t::replace);
}

json parse_json(std::string_view text) {
    require_few_keys(text);
    return json::parse(text);
}

json parse_if_json(std::string_view text) {
    return json::parse(text, nullptr, false);
}

}  // namespace stratbench
