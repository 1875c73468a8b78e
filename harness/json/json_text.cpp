#include "harness/json/json_text.hpp"

#include <nlohmann/json.hpp>

namespace stratbench {

std::string json_text(const json& value, int indent) {
    return value.dump(indent, ' ', false, json::error_handler_t::replace);
}

json parse_json(std::string_view text) {
    return json::parse(text);
}

json parse_if_json(std::string_view text) {
    return json::parse(text, nullptr, false);
}

}  // namespace stratbench
