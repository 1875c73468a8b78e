#include "reports/study/group_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <utility>

#include "harness/base/counted.hpp"
#include "harness/judge/decomposition.hpp"
#include "harness/judge/explanation.hpp"
#include "reports/study/sentences.hpp"
#include "reports/text/format.hpp"

namespace stratbench {
namespace {

int workers_of_group(const cell& c) {
    return c.group_workers == 0 ? c.workers : c.group_workers;
}

const std::string& workload_of_group(const cell& c) {
    return c.group_workload.empty() ? c.workload : c.group_workload;
}

std::string name_of(const cell& c) {
    std::string name = (c.reference ? "ref: " : "") + c.strategy;
    if (c.workload != workload_of_group(c)) {
        name += " on " + c.workload.substr(0, c.workload.find(':'));
    }
    return name;
}

using rankings = std::span<const ranked_group>;
using text_of_cell = std::function<std::string(const cell_result&)>;

/// A column that shows a figure of the summary.
struct figure_column {
    std::string title;
    int rank;
    text_of_cell text;
    /// The figure of a ranking that the column shows.
    std::optional<metric> figure = {};
};

template <class Form>
text_of_cell shown(std::optional<estimate> cell_summary::*which, Form form) {
    return [=](const cell_result& cell) -> std::string {
        const std::optional<estimate>& e = cell.summary.*which;
        return e ? form(*e) : "-";
    };
}

/// A percentile of the latency.
figure_column percentile_column(metric id, int rank, bool with_interval) {
    const auto member = about(id).latency->of_cell;
    return {std::string(about(id).name), rank,
            [=](const cell_result& cell) -> std::string {
                const auto& latency = cell.summary.latency_ns;
                return latency ? duration((*latency).*member, with_interval) : "-";
            },
            id};
}

std::vector<figure_column> figures_of(rankings of_group) {
    const auto any = [&](auto has) {
        const auto& entries = of_group.front().entries;
        return std::any_of(entries.begin(), entries.end(),
                           [&](const auto& e) { return has(e.cell->summary); });
    };
    // The interval stands with what the group is ranked by first.
    const metric primary = of_group.front().metric;
    const auto rate = [ranked = primary == metric::throughput](const estimate& e) {
        return ranked ? quantity(e) : quantity(e.value);
    };
    const auto time = [](const estimate& e) { return duration(e.value); };

    std::vector<figure_column> figures = {{std::string(about(metric::throughput).unit), 9,
                                           shown(&cell_summary::throughput_per_s, rate),
                                           metric::throughput}};
    if (any([](const cell_summary& s) { return s.latency_ns.has_value(); })) {
        figures.push_back(percentile_column(metric::p50, 7, primary == metric::p50));
        figures.push_back(percentile_column(metric::p99, 8, true));
    } else if (any([](const cell_summary& s) { return s.makespan_ns.has_value(); })) {
        figures.push_back({"makespan", 3, shown(&cell_summary::makespan_ns, time)});
    }
    figures.push_back({"cores", 5, shown(&cell_summary::mean_busy_cores, [](const estimate& e) {
                           return cores(e.value);
                       })});
    // Above 1 it is a claim that no machine can keep, which the label says: no figure of it.
    figures.push_back({"eff.", 4, shown(&cell_summary::efficiency, [](const estimate& e) {
                           return e.value > 1 ? "> 100 %" : percent(e.value);
                       })});
    figures.push_back({"blocked", 3, [](const cell_result& cell) {
                           return percent(cell.summary.blocked_fraction);
                       }});
    figures.push_back({"stall", 2, [](const cell_result& cell) -> std::string {
                           const auto longest = cell.summary.longest_stall_ns;
                           return longest > 0 ? duration(static_cast<double>(longest)) : "-";
                       }});
    if (any([](const cell_summary& s) { return s.longest_loop_lag_ns.has_value(); })) {
        figures.push_back({"lag", 2, [](const cell_result& cell) -> std::string {
                               const auto& lag = cell.summary.longest_loop_lag_ns;
                               return lag ? duration(static_cast<double>(*lag)) : "-";
                           }});
    }
    figures.push_back(
        {std::string(about(metric::startup).title), 2, shown(&cell_summary::startup_ns, time)});
    figures.push_back(
        {std::string(about(metric::memory).title), 1, [](const cell_result& cell) -> std::string {
             const auto peak = cell.summary.peak_memory_bytes;
             return peak > 0 ? bytes(peak) : "-";
         }});
    return figures;
}

/// How far each cell is behind the best by one ranking.
text_of_cell behind(const ranked_group& ranking) {
    return [&ranking](const cell_result& cell) -> std::string {
        for (const auto& e : ranking.entries) {
            if (e.cell != &cell || !e.best_is_better_by) {
                continue;
            }
            if (*e.best_is_better_by == 1) {
                return "best";
            }
            const double times = *e.best_is_better_by;
            return (about(ranking.metric).is_bound(cell.summary) ? "> " : "") +
                   (times < 999.5 ? plain(times) : quantity(times)) + " x";
        }
        return "-";
    };
}

/// Moves the labels that all measured rows have (of two or more) from them to the table.
void gather_common_labels(group_table& table) {
    std::vector<std::vector<std::string>*> measured;
    for (auto& row : table.rows) {
        if (!row.figures.empty()) {
            measured.push_back(&row.labels);
        }
    }
    if (measured.size() < 2) {
        return;
    }
    for (const std::string& label : std::vector<std::string>(*measured.front())) {
        if (!std::all_of(measured.begin(), measured.end(), [&](const auto* labels) {
                return std::find(labels->begin(), labels->end(), label) != labels->end();
            })) {
            continue;
        }
        table.labels_of_all.push_back(label);
        for (auto* labels : measured) {
            std::erase(*labels, label);
        }
    }
}

group_table table_of(rankings of_group) {
    const ranked_group& ranking = of_group.front();
    group_table table;
    for (const ranked_group& r : of_group) {
        table.verdicts.push_back({std::string(about(r.metric).title), r.verdict});
    }
    if (ranking.entries.empty()) {
        return table;
    }
    table.title = title_of(ranking.entries.front().cell->planned);

    std::vector<text_of_cell> texts;
    bool latency = false;
    for (const figure_column& f : figures_of(of_group)) {
        table.columns.push_back({f.title, f.rank});
        texts.push_back(f.text);
        latency = latency || f.figure == metric::p50;
        for (const ranked_group& r : of_group) {
            if (f.figure == r.metric) {
                table.columns.push_back({"behind", f.rank - 1});
                texts.push_back(behind(r));
            }
        }
    }
    if (!latency) {
        for (const auto& e : ranking.entries) {
            if (table.latency_note.empty() && !e.cell->summary.latency_absent.empty()) {
                table.latency_note = "No latency: " + e.cell->summary.latency_absent;
            }
        }
    } else if (!ranking.entries.front().cell->planned.load.open()) {
        table.latency_note =
            "The latency is not ranked: arrivals wait for results, so who is slow is asked for "
            "less";
    }

    for (const auto& entry : ranking.entries) {
        const cell_result& cell = *entry.cell;
        group_table::row row{
            name_of(cell.planned), group_table::mark::none, {}, {}, cell.labels, &cell};
        if (cell.state == status::ok) {
            for (const text_of_cell& text : texts) {
                row.figures.push_back(text(cell));
            }
            if (cell.planned.reference) {
                row.what = group_table::mark::reference;
            } else if (std::ranges::find(ranking.answer.candidates, cell.planned.strategy) !=
                       ranking.answer.candidates.end()) {
                row.what = group_table::mark::first;
            }
        } else {
            const bool failed = cell.state == status::failed;
            row.what = failed ? group_table::mark::failed : group_table::mark::skipped;
            row.reason = (failed ? "failed: " : "skipped: ") + cell.reason;
        }
        table.rows.push_back(std::move(row));
    }
    for (const auto& row : table.rows) {
        if (auto note = rate_note(*row.cell)) {
            table.rates.push_back({row.name, std::move(*note)});
        }
        if (auto note = failure_note(*row.cell)) {
            table.rates.push_back({row.name, std::move(*note)});
        }
    }
    for (const explanation& why : explain(ranking)) {
        if (std::string sentence = sentence_of(why); !sentence.empty()) {
            table.explanations.push_back({name_of(why.cell->planned), std::move(sentence)});
        }
    }
    for (const decomposition& parts : decompose(ranking)) {
        table.explanations.push_back({name_of(parts.own->planned), sentence_of(parts)});
    }
    gather_common_labels(table);
    return table;
}

}  // namespace

std::string title_of(const cell& c) {
    std::string title = fmt::format("{}, {}, {} on {}", workload_of_group(c), c.load.text,
                                    counted(workers_of_group(c), "worker"), counted(c.cpus, "CPU"));
    for (const std::string& part : c.containment_parts()) {
        title += ", " + part;
    }
    return title;
}

std::vector<group_table> tables_of(const std::vector<ranked_group>& all) {
    std::vector<group_table> tables;
    for (auto from = all.begin(); from != all.end();) {
        const auto to = std::find_if(from, all.end(),
                                     [&](const ranked_group& r) { return r.group != from->group; });
        tables.push_back(table_of(rankings(from, to)));
        from = to;
    }
    return tables;
}

std::vector<label_entry> labels_in(const std::vector<group_table>& tables) {
    std::set<std::string_view> seen;
    for (const group_table& table : tables) {
        seen.insert(table.labels_of_all.begin(), table.labels_of_all.end());
        for (const auto& row : table.rows) {
            seen.insert(row.labels.begin(), row.labels.end());
        }
    }
    std::vector<label_entry> found;
    for (const label_entry& entry : labels()) {
        if (seen.contains(entry.name)) {
            found.push_back(entry);
        }
    }
    return found;
}

}  // namespace stratbench
