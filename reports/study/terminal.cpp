#include "reports/study/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

#include "harness/judge/ranking.hpp"
#include "reports/study/answer_table.hpp"
#include "reports/study/detail.hpp"
#include "reports/study/group_table.hpp"
#include "reports/study/sentences.hpp"
#include "reports/text/format.hpp"
#include "reports/text/terminal_text.hpp"

namespace stratbench {
namespace {

constexpr std::size_t gap = column_gap;

std::string joined(const std::vector<std::string>& labels) {
    return printable(fmt::format("{}", fmt::join(labels, ", ")));
}

/// Which columns of a table are shown, and how wide.
struct layout {
    std::size_t name_width = 0;
    std::vector<std::size_t> shown;
    std::vector<std::size_t> widths;
};

layout fit(const group_table& table, std::size_t width) {
    layout l;
    l.name_width = columns("strategy");
    for (const auto& row : table.rows) {
        l.name_width = std::max(l.name_width, columns(printable(row.name)));
    }
    std::vector<terminal_column> all;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        std::size_t widest = columns(table.columns[i].title);
        for (const auto& row : table.rows) {
            if (!row.figures.empty()) {
                widest = std::max(widest, columns(row.figures[i]));
            }
        }
        l.widths.push_back(widest);
        all.push_back({widest, table.columns[i].rank});
    }
    const std::size_t before_columns = l.name_width + gap;
    l.shown = columns_that_fit(all, width > before_columns ? width - before_columns : 0, 1);
    return l;
}

std::string text_of(const group_table::row& row, const layout& l, const paint& ink,
                    std::size_t width) {
    const std::string name = padded(printable(row.name), l.name_width, false);
    std::string line;
    switch (row.what) {
        case group_table::mark::first:
            line = ink.green(name);
            break;
        case group_table::mark::reference:
            line = ink.dim(name);
            break;
        case group_table::mark::failed:
            line = ink.red(name);
            break;
        case group_table::mark::skipped:
        case group_table::mark::none:
            line = name;
            break;
    }
    if (row.figures.empty()) {
        const std::size_t indent = l.name_width + gap;
        const std::size_t room = width > indent + 20 ? width - indent : 20;
        std::string reason;
        for (const std::string& part : wrapped(printable(row.reason), room, 0)) {
            reason += reason.empty() ? part : std::string("\n").append(indent, ' ') + part;
        }
        return line + std::string(gap, ' ') + reason + "\n";
    }
    for (const std::size_t i : l.shown) {
        line += std::string(gap, ' ') + padded(row.figures[i], l.widths[i], true);
    }
    line += "\n";
    if (!row.labels.empty()) {
        line += ink.yellow("  ^ " + joined(row.labels)) + "\n";
    }
    return line;
}

std::string text_of(const group_table& table, const paint& ink, std::size_t width) {
    std::string text;
    for (const std::string& line : wrapped(printable(table.title), width, 2)) {
        text += ink.bold(line) + "\n";
    }

    const layout l = fit(table, width);
    std::string head = padded("strategy", l.name_width, false);
    for (const std::size_t i : l.shown) {
        head += std::string(gap, ' ') + padded(table.columns[i].title, l.widths[i], true);
    }
    text += ink.dim(head) + "\n";
    for (const auto& row : table.rows) {
        text += text_of(row, l, ink, width);
    }
    if (!table.labels_of_all.empty()) {
        text += ink.yellow("  ^ all: " + joined(table.labels_of_all)) + "\n";
    }
    for (const auto& [name, note] : table.rates) {
        for (const std::string& line : wrapped(printable("^ " + name + " " + note), width - 2, 2)) {
            text += ink.yellow("  " + line) + "\n";
        }
    }
    for (const auto& [metric, sentence] : table.verdicts) {
        for (const std::string& line : wrapped(printable(metric + ": " + sentence), width, 2)) {
            text += ink.bold(line) + "\n";
        }
    }
    for (const auto& [name, sentence] : table.explanations) {
        for (const std::string& line : wrapped(printable(name + ": " + sentence), width - 2, 2)) {
            text += "  " + line + "\n";
        }
    }
    return text + "\n";
}

/// Nothing where there is one group.
std::string text_of(const answer_table& table, const paint& ink, std::size_t width) {
    if (table.groups.size() < 2) {
        return {};
    }
    std::string text;
    std::size_t name_width = columns("times behind the best"), room = 0;
    for (const auto& row : table.rows) {
        name_width = std::max(name_width, columns(printable(row.strategy)));
    }
    for (std::size_t i = 0; i < table.groups.size(); ++i) {
        room = std::max(room, columns(fmt::format("({})", i + 1)));
        for (const auto& row : table.rows) {
            room = std::max(room, columns(row.behind[i]));
        }
    }
    text += ink.dim(padded("times behind the best", name_width, false));
    for (std::size_t i = 0; i < table.groups.size(); ++i) {
        text += ink.dim("  " + padded(fmt::format("({})", i + 1), room, true));
    }
    text += "\n";
    for (const auto& row : table.rows) {
        const std::string name = padded(printable(row.strategy), name_width, false);
        text += row.strategy == table.pick ? ink.green(name) : name;
        for (const std::string& cell : row.behind) {
            text += "  " + padded(cell, room, true);
        }
        text += "\n";
    }
    for (std::size_t i = 0; i < table.groups.size(); ++i) {
        for (const std::string& line :
             wrapped(printable(fmt::format("({}) {}", i + 1, table.groups[i])), width, 4)) {
            text += ink.dim(line) + "\n";
        }
    }
    for (const std::string& line : wrapped(printable(table.headline), width, 2)) {
        text += ink.bold(line) + "\n";
    }
    return text + "\n";
}

std::string text_of(const warning& w, const paint& ink, std::size_t width) {
    static constexpr std::string_view head = "warning:";
    std::string text;
    for (const std::string& line :
         wrapped(std::string(head) + " " + printable(w.message), width, head.size() + 1)) {
        text += text.empty() ? ink.yellow(head) + line.substr(head.size()) : line;
        text += "\n";
    }
    for (const std::string& line : wrapped(printable(w.advice), width - head.size() - 1, 0)) {
        text += std::string(head.size() + 1, ' ') + line + "\n";
    }
    return text;
}

std::string details(const study_results& results, const paint& ink) {
    std::string text;
    for (const cell_result& cell : results.cells) {
        std::string part;
        if (results.plan.detail.tasks) {
            part += task_listing(cell);
        }
        if (results.plan.detail.timeline) {
            part += timeline(cell);
        }
        if (part.empty()) {
            continue;
        }
        text += ink.bold(printable(cell.planned.strategy + ", " + cell.planned.workload + ", " +
                                   cell.planned.load.text)) +
                "\n" + part + "\n";
    }
    return text;
}

}  // namespace

std::string terminal_report(const study_results& results, bool color, int width) {
    const paint ink(color);
    const std::size_t room = width > 40 ? static_cast<std::size_t>(width) : 40;
    std::string text;
    const std::vector<ranked_group> groups = rank(results);
    const std::vector<group_table> tables = tables_of(groups);
    for (const group_table& table : tables) {
        text += text_of(table, ink, room);
    }
    text += text_of(answer_table_of(groups), ink, room);
    for (const label_entry& label : labels_in(tables)) {
        text +=
            ink.yellow("^ " + std::string(label.name)) + ": " + std::string(label.meaning) + "\n";
    }
    text += details(results, ink);
    if (const auto note = ending_note(results)) {
        for (const std::string& line : wrapped(printable(*note), room, 2)) {
            text += line + "\n";
        }
    }
    if (results.info.interrupted()) {
        text += ink.yellow("interrupted: the figures are of the finished generations") + "\n";
    }
    for (const warning& w : results.warnings) {
        text += text_of(w, ink, room);
    }
    return text;
}

}  // namespace stratbench
