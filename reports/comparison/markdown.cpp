#include "reports/comparison/markdown.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

#include "harness/base/counted.hpp"
#include "reports/comparison/table.hpp"
#include "reports/text/markdown_text.hpp"

namespace stratbench {
namespace {

using row = comparison_table::row;

/// A comment on a pull request may have 65,536 characters.
constexpr std::size_t most_bytes = 65'000;

std::string_view sign_of(verdict result) {
    switch (result) {
        case verdict::regressed:
            return "\u274c";
        case verdict::inconclusive:
            return "\u2753";
        case verdict::improved:
        case verdict::same:
            break;
    }
    return "\u2705";
}

std::string said_of(const row& r) {
    const bool loud =
        r.figure != nullptr && r.figure->gated && r.figure->result == verdict::regressed;
    return loud ? fmt::format("**{}**", r.result) : r.result;
}

std::string line_of(const row& r) {
    return markdown_row({markdown_code(r.cell), r.metric, r.base, r.candidate, r.change, said_of(r),
                         markdown_escaped(r.note)});
}

/// A table of as many rows as fit into `room` bytes, which the table then has less of.
std::string table_of_rows(const std::vector<row>& rows, std::size_t& room) {
    static constexpr std::string_view head =
        "| cell | metric | base | new | change | verdict | |\n"
        "| :--- | :--- | ---: | ---: | :--- | :--- | :--- |\n";
    std::string text(head);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::string line = line_of(rows[i]);
        if (text.size() + line.size() > room) {
            text += fmt::format("\n{} did not fit.\n", counted(rows.size() - i, "more row"));
            break;
        }
        text += line;
    }
    room -= std::min(room, text.size());
    text += "\n";
    return text;
}

/// As many of `lines` as fit, each an item of a list.
std::string list_of(const std::vector<std::string>& lines, std::size_t& room) {
    std::string text;
    for (const std::string& line : lines) {
        const std::string item = fmt::format("- {}\n", markdown_escaped(line));
        if (item.size() > room) {
            text += "- ...\n";
            break;
        }
        text += item;
        room -= item.size();
    }
    return text + "\n";
}

}  // namespace

std::string markdown_comparison(const comparison& found) {
    const comparison_table table = table_of(found);
    // What frames the parts.
    std::size_t room = most_bytes - 1000;
    std::string footer = list_of(table.footer, room);
    std::string head =
        fmt::format("### {} {}\n\n", sign_of(found.overall()), markdown_escaped(table.verdict));
    room -= std::min(room, head.size());
    if (!table.differences.empty()) {
        head += "> [!WARNING]\n> These conditions differ, so the builds may not be to blame.\n\n" +
                list_of(table.differences, room);
    }
    if (!table.notable.empty()) {
        head += table_of_rows(table.notable, room);
    }
    if (!table.rest.empty()) {
        head +=
            fmt::format("<details>\n<summary>{}</summary>\n\n{}</details>\n\n",
                        counted(table.rest.size(), "more figure"), table_of_rows(table.rest, room));
    }
    return head + footer;
}

}  // namespace stratbench
