#include "reports/text/markdown_text.hpp"

#include <fmt/format.h>

#include "reports/text/format.hpp"

namespace stratbench {
namespace {

bool is_plain(char c) {
    const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return word || (static_cast<unsigned char>(c) & 0x80) != 0 ||
           std::string_view(" /=,%-").find(c) != std::string_view::npos;
}

}  // namespace

std::string markdown_escaped(std::string_view text) {
    std::string out;
    // A character reference is never markup (CommonMark 2.5); only what looks for links and names
    // in the finished text needs the invisible joiner between the sign and the name.
    for (const char c : utf8(printable(text))) {
        if (is_plain(c)) {
            out += c;
            continue;
        }
        out += fmt::format("&#{};", static_cast<int>(c));
        if (c == '@' || c == '#') {
            out += "&#8288;";
        }
    }
    return out;
}

std::string markdown_code(std::string_view text) {
    return text.empty() ? "" : fmt::format("<code>{}</code>", markdown_escaped(text));
}

std::string markdown_row(std::initializer_list<std::string_view> fields) {
    std::string line = "|";
    for (const std::string_view field : fields) {
        line += fmt::format(" {} |", field);
    }
    return line + "\n";
}

}  // namespace stratbench
