#include "reports/study/html.hpp"

#include <fmt/format.h>

#include <map>
#include <string_view>
#include <vector>

#include "assets.hpp"
#include "harness/judge/ranking.hpp"
#include "reports/study/answer_table.hpp"
#include "reports/study/charts.hpp"
#include "reports/study/detail.hpp"
#include "reports/study/environment.hpp"
#include "reports/study/figures.hpp"
#include "reports/study/group_table.hpp"
#include "reports/text/format.hpp"
#include "reports/text/html_text.hpp"
#include "reports/web/chart.hpp"
#include "reports/web/page.hpp"

namespace stratbench {
namespace {

using colour_map = std::map<std::string, std::string>;

std::string anchor(std::size_t group) {
    return fmt::format("group-{}", group + 1);
}

std::string chip(const cell_result& cell, const colour_map& colours) {
    return fmt::format(R"(<span class="chip" style="background:{}"></span>)",
                       colour_of(cell, colours));
}

std::string verdicts_of(const group_table& table) {
    std::string html;
    for (const auto& [metric, sentence] : table.verdicts) {
        html += fmt::format("<p class=\"verdict\"><span class=\"quiet\">{}:</span> {}</p>\n",
                            html_escaped(metric), html_escaped(sentence));
    }
    return html;
}

std::string verdicts(const std::vector<group_table>& tables) {
    std::string html = "<ul class=\"verdicts\">\n";
    for (std::size_t i = 0; i < tables.size(); ++i) {
        html += fmt::format("<li><a href=\"#{}\">{}</a><div>{}</div></li>\n", anchor(i),
                            html_escaped(tables[i].title), verdicts_of(tables[i]));
    }
    return html + "</ul>";
}

/// Nothing where there is one group.
std::string matrix(const answer_table& table) {
    if (table.groups.size() < 2) {
        return {};
    }
    std::string html = fmt::format("<p class=\"headline\">{}</p>\n", html_escaped(table.headline));
    html +=
        "<div class=\"scroll\"><table class=\"matrix\"><thead><tr><th>times behind the best</th>";
    for (const std::string& group : table.groups) {
        html += fmt::format("<th>{}</th>", html_escaped(group));
    }
    html += "</tr></thead><tbody>\n";
    for (const auto& row : table.rows) {
        html +=
            fmt::format("<tr{}><td>{}</td>", row.strategy == table.pick ? " class=\"first\"" : "",
                        html_escaped(row.strategy));
        for (const std::string& cell : row.behind) {
            html += fmt::format("<td class=\"{}\">{}</td>",
                                cell == "best" || cell == "tie" ? "best" : "", cell);
        }
        html += "</tr>\n";
    }
    return html + "</tbody></table></div>\n";
}

std::string warnings(const study_results& results) {
    std::string html;
    if (results.info.interrupted()) {
        html +=
            "<p class=\"warning\"><b>Interrupted.</b> The figures are of the finished "
            "generations.</p>\n";
    }
    for (const warning& w : results.warnings) {
        html += fmt::format("<p class=\"warning\"><b>{}</b><span>{}</span></p>\n",
                            html_escaped(w.message), html_escaped(w.advice));
    }
    return html;
}

std::string legend(const study_results& results, const colour_map& colours) {
    std::string html;
    colour_map left = colours;
    for (const cell_result& cell : results.cells) {
        if (!cell.planned.reference && left.erase(cell.planned.strategy)) {
            html += fmt::format("<span>{}{}</span>", chip(cell, colours),
                                html_escaped(cell.planned.strategy));
        }
    }
    return html;
}

std::string escaped_labels(const std::vector<std::string>& labels) {
    return html_escaped(fmt::format("{}", fmt::join(labels, ", ")));
}

std::string_view class_of(group_table::mark mark) {
    switch (mark) {
        case group_table::mark::first:
            return "first";
        case group_table::mark::reference:
            return "reference";
        case group_table::mark::skipped:
            return "skipped";
        case group_table::mark::failed:
            return "failed";
        case group_table::mark::none:
            break;
    }
    return "ranked";
}

std::string row_html(const group_table& table, const group_table::row& row,
                     const colour_map& colours) {
    const std::string labels =
        row.labels.empty() ? "" : "<span class=\"label\">" + escaped_labels(row.labels) + "</span>";

    std::string html =
        fmt::format("<tr class=\"{}\"><th scope=\"row\">{}{}{}</th>", class_of(row.what),
                    chip(*row.cell, colours), html_escaped(row.name), labels);
    if (row.figures.empty()) {
        html += fmt::format("<td class=\"reason\" colspan=\"{}\">{}</td>", table.columns.size(),
                            html_escaped(row.reason));
    }
    for (const std::string& figure : row.figures) {
        html += "<td>" + html_escaped(figure) + "</td>";
    }
    return html + "</tr>\n";
}

std::string table_html(const group_table& table, const colour_map& colours) {
    std::string html = "<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">strategy</th>";
    for (const auto& column : table.columns) {
        html += "<th scope=\"col\">" + html_escaped(column.title) + "</th>";
    }
    html += "</tr></thead>\n<tbody>\n";
    for (const auto& row : table.rows) {
        html += row_html(table, row, colours);
    }
    return html + "</tbody></table></div>\n";
}

std::string remarks_html(const std::vector<group_table::remark>& remarks, std::string_view kind) {
    if (remarks.empty()) {
        return {};
    }
    std::string html = fmt::format("<ul class=\"{}\">\n", kind);
    for (const auto& [name, sentence] : remarks) {
        html += fmt::format("<li><b>{}</b> {}</li>\n", html_escaped(name), html_escaped(sentence));
    }
    return html + "</ul>\n";
}

/// Folded away: who wants to know why opens it.
std::string figures_html(const figure_table& table, const colour_map& colours) {
    if (table.cells.empty()) {
        return {};
    }
    std::string html =
        "<details class=\"figures\"><summary>All figures</summary>\n<div class=\"scroll\">"
        "<table>\n<thead><tr><th></th>";
    for (const group_table::row* cell : table.cells) {
        html += fmt::format("<th scope=\"col\">{}{}</th>", chip(*cell->cell, colours),
                            html_escaped(cell->name));
    }
    html += "</tr></thead>\n";
    for (const auto& section : table.sections) {
        html += fmt::format("<tbody><tr><th scope=\"rowgroup\" colspan=\"{}\">{}</th></tr>\n",
                            table.cells.size() + 1, html_escaped(section.title));
        for (const auto& row : section.rows) {
            html += "<tr><th scope=\"row\">" + html_escaped(row.title) + "</th>";
            for (const std::string& figure : row.figures) {
                html += "<td>" + html_escaped(figure) + "</td>";
            }
            html += "</tr>\n";
        }
        html += "</tbody>\n";
    }
    html += "</table></div>\n";
    for (const std::string& reason : table.absent) {
        html += "<p class=\"note\">" + html_escaped(reason) + "</p>\n";
    }
    return html + "</details>\n";
}

std::string group_html(const group_table& table, std::size_t index, const study_results& results,
                       const colour_map& colours) {
    std::string html =
        fmt::format("<section id=\"{}\">\n<h2>{}</h2>\n", anchor(index), html_escaped(table.title));
    html += verdicts_of(table) + remarks_html(table.explanations, "why");
    html += table_html(table, colours) + remarks_html(table.rates, "rates");
    if (!table.labels_of_all.empty()) {
        html += "<p class=\"label\">All: " + escaped_labels(table.labels_of_all) + "</p>\n";
    }
    if (!table.latency_note.empty()) {
        html += "<p class=\"note\">" + html_escaped(table.latency_note) + "</p>\n";
    }
    html += figures_html(figures_of(table, results.machine), colours);
    html += "<div class=\"charts\">\n";
    for (const chart& c : charts_of(table, colours)) {
        html += chart_html(c, fmt::format("{}-{}", anchor(index), c.kind));
    }
    return html + "</div>\n</section>\n";
}

std::string meanings(const std::vector<group_table>& tables) {
    std::string html;
    for (const label_entry& label : labels_in(tables)) {
        html += fmt::format("<li><b class=\"care\">{}</b>: {}</li>\n", html_escaped(label.name),
                            html_escaped(label.meaning));
    }
    return html;
}

std::string details(const study_results& results) {
    std::string html;
    for (const cell_result& cell : results.cells) {
        std::string text;
        if (results.plan.detail.tasks) {
            text += task_listing(cell);
        }
        if (results.plan.detail.timeline) {
            text += timeline(cell);
        }
        if (text.empty()) {
            continue;
        }
        html += fmt::format(
            "<details class=\"cell\"><summary>{}, {}, {}</summary><pre>{}</pre></details>\n",
            html_escaped(cell.planned.strategy), html_escaped(cell.planned.workload),
            html_escaped(cell.planned.load.text), html_escaped(text));
    }
    return html.empty() ? html
                        : "<section id=\"details\">\n<h2>Task by task</h2>\n" + html + "</section>";
}

std::string environment_html(const study_results& results) {
    std::string html = "<dl>\n";
    for (const environment_row& row : environment_of(results)) {
        if (!row.value.empty()) {
            html += fmt::format("<dt>{}</dt><dd>{}</dd>\n", row.name, html_escaped(row.value));
        }
    }
    return html + "</dl>";
}

std::string study_line(const study_results& results) {
    const study_info& s = results.info;
    std::string line = "study " + s.id;
    if (!results.plan.scenario.empty()) {
        line += " · scenario " + results.plan.scenario;
    }
    if (!s.started_utc.empty()) {
        line += " · " + s.started_utc;
    }
    if (s.measuring_s > 0) {
        line += " · measured for " + duration(s.measuring_s * 1e9);
    }
    return html_escaped(line);
}

}  // namespace

std::string html_report(const study_results& results) {
    const colour_map colours = strategy_colours(results);
    const std::vector<ranked_group> groups = rank(results);
    const std::vector<group_table> tables = tables_of(groups);
    std::string sections;
    for (std::size_t i = 0; i < tables.size(); ++i) {
        sections += group_html(tables[i], i, results, colours);
    }

    return page_of(
        "stratbench " + results.info.id,
        filled(assets::report(), {{"study", study_line(results)},
                                  {"command", html_escaped(results.info.command)},
                                  {"verdicts", matrix(answer_table_of(groups)) + verdicts(tables)},
                                  {"warnings", warnings(results)},
                                  {"legend", legend(results, colours)},
                                  {"groups", sections},
                                  {"details", details(results)},
                                  {"labels", meanings(tables)},
                                  {"environment", environment_html(results)}}));
}

}  // namespace stratbench
