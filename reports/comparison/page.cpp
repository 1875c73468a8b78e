#include "reports/comparison/page.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "assets.hpp"
#include "harness/base/counted.hpp"
#include "reports/comparison/charts.hpp"
#include "reports/comparison/table.hpp"
#include "reports/study/environment.hpp"
#include "reports/text/format.hpp"
#include "reports/text/html_text.hpp"
#include "reports/web/chart.hpp"
#include "reports/web/page.hpp"

namespace stratbench {
namespace {

using row = comparison_table::row;

/// Only what the gate looks at is coloured.
std::string_view class_of(const row& r) {
    return r.figure != nullptr && r.figure->gated ? name_of(r.figure->result) : "open";
}

std::string cells_html(const std::vector<std::string>& texts) {
    std::string html;
    for (const std::string& text : texts) {
        html += "<td>" + html_escaped(text) + "</td>";
    }
    return html;
}

std::string head_html(const std::vector<std::string_view>& titles, std::string_view kind) {
    std::string html = fmt::format("<div class=\"scroll\"><table class=\"{}\">\n<thead><tr>", kind);
    for (const std::string_view title : titles) {
        html += fmt::format("<th scope=\"col\">{}</th>", title);
    }
    return html + "</tr></thead>\n<tbody>\n";
}

constexpr std::string_view end_of_table = "</tbody></table></div>\n";

std::string notable_html(const comparison_table& table) {
    std::string html;
    if (!table.notable.empty()) {
        html += head_html({"cell", "metric", "base", "new", "change", "verdict"}, "notable");
        for (const row& r : table.notable) {
            const std::string note =
                r.note.empty() ? "" : "<span class=\"label\">" + html_escaped(r.note) + "</span>";
            html += fmt::format("<tr class=\"{}\"><th scope=\"row\">{}{}</th>{}</tr>\n",
                                class_of(r), html_escaped(r.cell), note,
                                cells_html({r.metric, r.base, r.candidate, r.change, r.result}));
        }
        html += end_of_table;
    }
    if (!table.rest.empty()) {
        html += fmt::format(
            "<p class=\"note\">{} the same or not asked for: below, among all "
            "figures.</p>\n",
            counted(table.rest.size(), "further figure"));
    }
    return html;
}

template <class T>
std::string or_dash(const std::optional<T>& value) {
    return value ? fmt::format("{:.2g}", *value) : "-";
}

/// Folded away: who wants to know why opens it.
std::string figures_html(const comparison& found) {
    std::string html = "<details class=\"all\"><summary>All figures</summary>\n";
    html += head_html({"cell", "metric", "base", "new", "trials", "new / base", "95 % interval",
                       "p", "p of all", "can see", "more generations", "verdict"},
                      "compared");
    for (const compared_cell& cell : found.cells) {
        for (const row& r : rows_of(cell)) {
            const std::string note =
                r.note.empty() ? "" : "<span class=\"label\">" + html_escaped(r.note) + "</span>";
            html += fmt::format("<tr class=\"{}\"><th scope=\"row\">{}{}</th>", class_of(r),
                                html_escaped(r.cell), note);
            const compared_metric* const m = r.figure;
            if (m == nullptr) {
                html +=
                    cells_html({r.metric, "-", "-", "-", "-", "-", "-", "-", "-", "-", r.result});
            } else {
                const bool known = m->ci95.lo != m->ci95.hi;
                html += cells_html(
                    {r.metric, r.base, r.candidate,
                     fmt::format("{} / {}", m->base_trials, m->new_trials),
                     fmt::format("{:.4f}", m->ratio),
                     known ? fmt::format("{:.4f} to {:.4f}", m->ci95.lo, m->ci95.hi) : "-",
                     or_dash(m->p), or_dash(m->p_adjusted),
                     !m->detectable           ? "-"
                     : *m->detectable > blind ? "> " + percent(blind)
                                              : percent(*m->detectable),
                     m->more_rounds ? fmt::format("{}", *m->more_rounds) : "-", r.result});
            }
            html += "</tr>\n";
        }
    }
    html += end_of_table;
    return html +
           "<p class=\"note\">Base and new: medians. new / base: Hodges and Lehmann's estimate. p: "
           "that chance alone makes so great a change in this direction; p of all: the same, "
           "adjusted for how many figures are looked at (Holm). can see: the smallest change that "
           "so many trials see four times in five.</p>\n</details>\n";
}

std::string differences_html(const comparison_table& table) {
    if (table.differences.empty()) {
        return {};
    }
    std::string html =
        "<div class=\"warning\"><b>The two sides were not measured under the same "
        "conditions.</b>\n";
    for (const std::string& line : table.differences) {
        html += "<span>" + html_escaped(line) + "</span>\n";
    }
    return html + "</div>\n";
}

std::string pairs_html(const std::optional<chart>& pairs) {
    if (!pairs) {
        return {};
    }
    return "<section id=\"rounds\">\n<h2>Generation by generation</h2>\n" +
           chart_html(*pairs, "chart-pairs") + "</section>\n";
}

std::string curves_html(const std::vector<chart>& charts) {
    if (charts.empty()) {
        return {};
    }
    std::string html = fmt::format(
        "<section id=\"latency\">\n<h2>Latency</h2>\n<nav class=\"legend\" aria-label=\"Colours of "
        "the two sides\"><span><span class=\"chip\" style=\"background:{}\"></span>base</span>"
        "<span><span class=\"chip\" style=\"background:{}\"></span>new</span></nav>\n"
        "<div class=\"charts\">\n",
        colour_of_base, colour_of_new);
    for (std::size_t i = 0; i < charts.size(); ++i) {
        html += chart_html(charts[i], fmt::format("chart-latency-{}", i + 1));
    }
    return html + "</div>\n</section>\n";
}

/// Names in the order in which the two sides have them.
class side_by_side {
  public:
    void add(const std::string& name, const std::string& base, const std::string& candidate) {
        rows_.push_back({name, base, candidate});
    }

    void add(const study_results& base, const study_results& candidate) {
        const auto before = environment_of(base);
        const auto after = environment_of(candidate);
        for (std::size_t i = 0; i < before.size(); ++i) {
            rows_.push_back({std::string(before[i].name), before[i].value, after[i].value,
                             !before[i].may_vary});
        }
    }

    [[nodiscard]] std::string html() const {
        std::string html = head_html({"", "base", "new"}, "sides");
        for (const auto& [name, base, candidate, should_be_equal] : rows_) {
            if (!base.empty() || !candidate.empty()) {
                html +=
                    fmt::format("<tr{}><th scope=\"row\">{}</th>{}</tr>\n",
                                should_be_equal && base != candidate ? " class=\"differs\"" : "",
                                html_escaped(name), cells_html({base, candidate}));
            }
        }
        return html + std::string(end_of_table);
    }

  private:
    struct row {
        std::string name, base, candidate;
        bool should_be_equal = false;
    };
    std::vector<row> rows_;
};

std::string environment_html(const comparison& found, const study_results* base,
                             const study_results* candidate) {
    side_by_side table;
    table.add("file", found.base.file, found.candidate.file);
    table.add("study", found.base.study_id, found.candidate.study_id);
    table.add("measured", found.base.started_utc, found.candidate.started_utc);
    table.add("trials of a cell", fmt::format("{}", found.base.rounds),
              fmt::format("{}", found.candidate.rounds));
    if (base != nullptr && candidate != nullptr) {
        table.add(*base, *candidate);
    } else {
        table.add("revision", found.base.git_revision, found.candidate.git_revision);
    }
    return table.html();
}

std::string sides_line(const comparison& found) {
    const auto side = [](const compared_side& s) {
        return s.file + (s.git_revision.empty() ? "" : " (" + s.git_revision + ")");
    };
    return html_escaped(fmt::format("base {} \u00b7 new {} \u00b7 {}", side(found.base),
                                    side(found.candidate),
                                    found.paired ? "measured in turns" : "not measured in turns"));
}

std::string footer_html(const comparison_table& table) {
    std::string html = "<ul>\n";
    for (const std::string& line : table.footer) {
        html += "<li>" + html_escaped(line) + "</li>\n";
    }
    return html + "</ul>";
}

}  // namespace

std::string html_comparison(const comparison& found, const study_results* base,
                            const study_results* candidate) {
    const comparison_table table = table_of(found);
    const std::vector<drawn_figure> figures = drawn_figures(table);
    const std::optional<chart> forest = forest_chart(figures, found);
    std::vector<chart> curves;
    if (base != nullptr && candidate != nullptr) {
        curves = latency_charts(table, *base, *candidate);
    }

    return page_of(
        "stratbench: " + std::string(name_of(found.overall())),
        filled(assets::comparison(),
               {{"sides", sides_line(found)},
                {"verdict", fmt::format("<p class=\"overall {}\">{}</p>", name_of(found.overall()),
                                        html_escaped(table.verdict))},
                {"differences", differences_html(table)},
                {"notable", notable_html(table)},
                {"forest", forest ? chart_html(*forest, "chart-forest") : ""},
                {"figures", figures_html(found)},
                {"pairs", pairs_html(pairs_chart(figures, found))},
                {"curves", curves_html(curves)},
                {"environment", environment_html(found, base, candidate)},
                {"footer", footer_html(table)}}));
}

}  // namespace stratbench
