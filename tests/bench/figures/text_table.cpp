#include "tests/bench/figures/text_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace stratbench {

std::string text_table(const std::vector<std::vector<std::string>>& rows, std::size_t left) {
    std::vector<std::size_t> widths;
    for (const auto& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i) {
            widths[i] = std::max(widths[i], row[i].size());
        }
    }
    std::string text;
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            line += i < left ? fmt::format("{:<{}}  ", row[i], widths[i])
                             : fmt::format("{:>{}}  ", row[i], widths[i]);
        }
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + '\n';
        if (&row == &rows.front()) {
            std::size_t width = 0;
            for (const std::size_t w : widths) {
                width += w + 2;
            }
            text += std::string(width - 2, '-') + '\n';
        }
    }
    return text;
}

}  // namespace stratbench
