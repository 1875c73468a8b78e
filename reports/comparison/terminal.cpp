#include "reports/comparison/terminal.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

#include "harness/base/counted.hpp"
#include "reports/comparison/table.hpp"
#include "reports/text/format.hpp"
#include "reports/text/terminal_text.hpp"

namespace stratbench {
namespace {

using row = comparison_table::row;

struct terminal_field {
    std::string_view title;
    std::string row::*text;
    bool right;
    /// Where room is short, the columns with the lowest rank go first.
    int rank;
};

constexpr std::array table_columns{terminal_field{"cell", &row::cell, false, 5},
                                   terminal_field{"metric", &row::metric, false, 4},
                                   terminal_field{"base", &row::base, true, 1},
                                   terminal_field{"new", &row::candidate, true, 2},
                                   terminal_field{"change", &row::change, false, 3},
                                   terminal_field{"verdict", &row::result, false, 4}};

constexpr std::size_t gap = column_gap;

struct shown_column {
    const terminal_field* column;
    std::size_t width;
};

std::vector<shown_column> fit(const std::vector<row>& rows, std::size_t width) {
    std::vector<shown_column> shown;
    for (const terminal_field& c : table_columns) {
        std::size_t widest = columns(c.title);
        for (const row& r : rows) {
            widest = std::max(widest, columns(printable(r.*c.text)));
        }
        shown.push_back({&c, widest});
    }
    std::vector<terminal_column> all;
    std::size_t total = 0;
    for (const shown_column& c : shown) {
        all.push_back({c.width, c.column->rank});
        total += (total == 0 ? 0 : gap) + c.width;
    }
    // The names are the longest: then they stand on lines of their own.
    if (total > width) {
        shown.front().width = all.front().width = 0;
    }
    std::vector<shown_column> fitting;
    for (const std::size_t i : columns_that_fit(all, width, 4)) {
        fitting.push_back(shown[i]);
    }
    return fitting;
}

std::string in_color_of(verdict result, const std::string& text, const paint& ink) {
    switch (result) {
        case verdict::regressed:
            return ink.red(text);
        case verdict::inconclusive:
            return ink.yellow(text);
        case verdict::improved:
        case verdict::same:
            break;
    }
    return ink.green(text);
}

std::string line_of(const row& r, const std::vector<shown_column>& shown, const paint& ink) {
    std::string line;
    for (const shown_column& c : shown) {
        if (c.width == 0) {
            line += printable(r.*c.column->text) + "\n";
            continue;
        }
        line += std::string(line.empty() ? 0 : gap, ' ');
        const bool last = c.column == shown.back().column;
        const std::string text = printable(r.*c.column->text);
        const std::string cell = last ? text : padded(text, c.width, c.column->right);
        const verdict result = r.figure == nullptr ? verdict::inconclusive : r.figure->result;
        line += last ? in_color_of(result, cell, ink) : cell;
    }
    while (line.ends_with(' ')) {
        line.pop_back();
    }
    return line + "\n";
}

std::string head_of(const std::vector<shown_column>& shown) {
    std::string line;
    for (const shown_column& c : shown) {
        if (c.width > 0) {
            line += std::string(line.empty() ? 0 : gap, ' ') +
                    padded(c.column->title, c.width, c.column->right);
        }
    }
    return line.substr(0, line.find_last_not_of(' ') + 1);
}

/// The figures that need not be seen, in a line.
std::string folded(const comparison_table& table) {
    std::size_t same = 0;
    for (const row& r : table.rest) {
        same += r.figure != nullptr && r.figure->result == verdict::same;
    }
    return counted(table.rest.size(), "more figure") + ", " + std::to_string(same) +
           " of them the same";
}

}  // namespace

std::string terminal_comparison(const comparison& found, bool color, int width) {
    const paint ink(color);
    const std::size_t room = width > 40 ? static_cast<std::size_t>(width) : 40;
    const comparison_table table = table_of(found);
    const verdict overall = found.overall();
    std::string text;
    for (const std::string& line : wrapped(printable(table.verdict), room, 2)) {
        text += in_color_of(overall, line, ink) + "\n";
    }
    for (const std::string& difference : table.differences) {
        for (const std::string& line : wrapped("differs: " + printable(difference), room, 2)) {
            text += ink.yellow(line) + "\n";
        }
    }
    text += "\n";
    if (!table.notable.empty()) {
        const std::vector<shown_column> shown = fit(table.notable, room);
        text += ink.dim(head_of(shown)) + "\n";
        for (const row& r : table.notable) {
            text += line_of(r, shown, ink);
            if (r.note.empty()) {
                continue;
            }
            for (const std::string& line : wrapped("^ " + printable(r.note), room - 2, 2)) {
                text += "  " + line + "\n";
            }
        }
    }
    if (!table.rest.empty()) {
        text += ink.dim(folded(table)) + "\n";
    }
    text += "\n";
    for (const std::string& line : table.footer) {
        for (const std::string& part : wrapped(printable(line), room, 2)) {
            text += ink.dim(part) + "\n";
        }
    }
    return text;
}

}  // namespace stratbench
