#include "reports/text/terminal_text.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "reports/text/format.hpp"

namespace stratbench {

std::vector<std::string> wrapped(std::string_view text, std::size_t width, std::size_t indent) {
    std::vector<std::string> lines;
    std::string line;
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t end = std::min(text.find(' ', at), text.size());
        const std::string_view word = text.substr(at, end - at);
        at = end + 1;
        if (!line.empty() && line.back() != ' ' && columns(line) + 1 + columns(word) > width) {
            lines.push_back(std::move(line));
            line.assign(indent, ' ');
        } else if (!line.empty() && line.back() != ' ') {
            line += ' ';
        }
        line += word;
    }
    if (!line.empty()) {
        lines.push_back(std::move(line));
    }
    return lines;
}

std::vector<std::size_t> columns_that_fit(const std::vector<terminal_column>& all, std::size_t room,
                                          std::size_t fewest) {
    std::vector<std::size_t> shown(all.size());
    std::iota(shown.begin(), shown.end(), std::size_t{0});
    const auto total = [&] {
        std::size_t sum = 0;
        for (const std::size_t i : shown) {
            sum += all[i].width + (i == shown.front() ? 0 : column_gap);
        }
        return sum;
    };
    while (shown.size() > fewest && total() > room) {
        shown.erase(
            std::ranges::min_element(shown, {}, [&](std::size_t i) { return all[i].rank; }));
    }
    return shown;
}

std::string padded(std::string_view text, std::size_t width, bool right) {
    const std::size_t room = width > columns(text) ? width - columns(text) : 0;
    return right ? std::string(room, ' ') + std::string(text)
                 : std::string(text) + std::string(room, ' ');
}

}  // namespace stratbench
