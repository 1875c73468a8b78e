#include "reports/text/html_text.hpp"

#include <stdexcept>

#include "harness/json/json_text.hpp"

namespace stratbench {

std::string html_escaped(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            default:
                out += c;
        }
    }
    return out;
}

std::string script_json(const json& value) {
    const std::string text = json_text(value);
    std::string out;
    out.reserve(text.size());
    // Only a string can hold a '<', and there the escape means the same.
    for (const char c : text) {
        if (c == '<') {
            out += "\\u003c";
        } else {
            out += c;
        }
    }
    return out;
}

std::string filled(std::string_view page, const std::map<std::string, std::string>& parts) {
    std::string out;
    for (;;) {
        const std::size_t open = page.find("{{");
        if (open == std::string_view::npos) {
            return out += page;
        }
        const std::size_t close = page.find("}}", open);
        const std::string name(page.substr(open + 2, close - open - 2));
        const auto part = parts.find(name);
        if (close == std::string_view::npos || part == parts.end()) {
            throw std::logic_error("the report page asks for a part that does not exist: " + name);
        }
        out += page.substr(0, open);
        out += part->second;
        page.remove_prefix(close + 2);
    }
}

}  // namespace stratbench
