#include "reports/comparison/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "harness/base/counted.hpp"
#include "reports/comparison/wording.hpp"
#include "reports/text/format.hpp"

namespace stratbench {
namespace {

using row = comparison_table::row;

std::string what_rounds_see(const compared_metric& figure) {
    std::string text;
    if (figure.detectable) {
        text += "; so many generations see " + what_is_seen(*figure.detectable);
    }
    if (figure.more_rounds) {
        text +=
            fmt::format("; {} would decide it", counted(*figure.more_rounds, "more generation"));
    }
    return text;
}

std::string note_of(const compared_cell& cell, const compared_metric& figure) {
    std::string text;
    const auto add = [&](const std::string& more) { text += (text.empty() ? "" : "; ") + more; };
    if (!cell.ignored && !figure.gated) {
        add("not gated");
    }
    if (figure.result == verdict::inconclusive) {
        std::string why = figure.reason + what_rounds_see(figure);
        if (why.starts_with("; ")) {
            why.erase(0, 2);
        }
        if (!why.empty()) {
            add(why);
        }
    }
    if (figure.confirmed) {
        add(fmt::format("{} {}: {}", figure.confirmed->holds ? "confirmed by" : "not confirmed by",
                        counted(figure.confirmed->rounds, "fresh generation"),
                        change_of(figure.figure, figure.confirmed->ratio)));
    }
    if (figure.unconfirmed && figure.result != verdict::inconclusive) {
        add("unconfirmed: not measured in turns");
    }
    if (figure.beside_control) {
        add("beside the control: " + change_of(figure.figure, *figure.beside_control));
    }
    if (figure.control_moved) {
        add("the control itself has moved");
    }
    return text;
}

row row_of(const compared_cell& cell, const compared_metric& figure) {
    std::string result(name_of(figure.result));
    if (cell.ignored) {
        result = "ignored";
    }
    return {shown(cell.name),
            std::string(about(figure.figure).name),
            figure_of(figure.figure, figure.base_value),
            figure_of(figure.figure, figure.new_value),
            change_of(figure),
            std::move(result),
            note_of(cell, figure),
            &figure};
}

/// The smaller, the earlier a reader should see it; `unremarkable` = need not.
constexpr int unremarkable = 6;
int urgency(const compared_cell& cell, const row& r) {
    if (cell.ignored) {
        return unremarkable;
    }
    if (r.figure == nullptr) {
        return !cell.failure.empty() ? 0 : cell.lost ? 1 : 4;
    }
    const verdict result = r.figure->result;
    if (!r.figure->gated) {
        return result == verdict::regressed ? 5 : unremarkable;
    }
    switch (result) {
        case verdict::regressed:
            return 0;
        case verdict::inconclusive:
            return 2;
        case verdict::improved:
            return 3;
        case verdict::same:
            break;
    }
    return unremarkable;
}

/// What the gate looks at and judged so, the greatest change first.
struct judged {
    const compared_cell* cell;
    const compared_metric* figure;
};
std::vector<judged> gated_and(verdict result, const comparison& found) {
    std::vector<judged> all;
    for (const compared_cell& cell : found.cells) {
        for (const compared_metric& figure : cell.metrics) {
            if (figure.gated && figure.result == result) {
                all.push_back({&cell, &figure});
            }
        }
    }
    std::stable_sort(all.begin(), all.end(), [](const judged& a, const judged& b) {
        return std::abs(std::log(a.figure->ratio)) > std::abs(std::log(b.figure->ratio));
    });
    return all;
}

std::string greatest(const std::vector<judged>& all, std::string_view of, int among) {
    const judged& first = all.front();
    std::string text = fmt::format("{} of {} {}{}: {}, {}: {}", all.size(), among, of,
                                   all.size() > 1 ? ", most" : "", shown(first.cell->name),
                                   about(first.figure->figure).name, change_of(*first.figure));
    if (first.figure->unconfirmed) {
        text += " (unconfirmed)";
    }
    return text;
}

std::size_t lost_cells(const comparison& found) {
    return static_cast<std::size_t>(
        std::count_if(found.cells.begin(), found.cells.end(),
                      [](const compared_cell& cell) { return cell.lost && !cell.ignored; }));
}

/// Of one that has none to look at, too.
std::string undecided(const comparison& found) {
    if (found.gated == 0) {
        return "inconclusive: there is nothing that the gate could look at";
    }
    std::vector<std::string> parts;
    const std::vector<judged> open = gated_and(verdict::inconclusive, found);
    if (!open.empty()) {
        parts.push_back(fmt::format("{} of {} undecided", open.size(), found.gated));
    }
    if (const std::size_t lost = lost_cells(found); lost > 0) {
        parts.push_back(counted(lost, "cell") + " without a figure to compare");
    }
    return fmt::format("inconclusive: {}; none regressed", fmt::join(parts, ", "));
}

/// What has failed or regressed; there is one or the other.
std::string what_is_bad(const comparison& found) {
    std::vector<std::string> parts;
    if (const auto failed = found.failed(); !failed.empty()) {
        parts.push_back(fmt::format("the new build failed in {}: {}: {}",
                                    counted(failed.size(), "cell"), shown(failed.front()->name),
                                    failed.front()->failure));
    }
    if (const auto worse = gated_and(verdict::regressed, found); !worse.empty()) {
        parts.push_back(greatest(worse, "regressed", found.gated));
    }
    return fmt::format("{}", fmt::join(parts, "; "));
}

std::string verdict_line(const comparison& found) {
    switch (found.overall()) {
        case verdict::regressed:
            return what_is_bad(found);
        case verdict::improved:
            return greatest(gated_and(verdict::improved, found), "improved", found.gated) +
                   "; none regressed";
        case verdict::same:
            return fmt::format(
                "same: {} shown to differ by less than {}",
                found.gated == 1 ? "the one figure is" : fmt::format("all {} are", found.gated),
                percent(found.options.min_effect));
        case verdict::inconclusive:
            break;
    }
    return undecided(found);
}

std::string line_of(const difference& d) {
    return fmt::format("{}{}: {} -> {}", d.cell.empty() ? "" : shown(d.cell) + ": ", d.name, d.base,
                       d.candidate);
}

std::string line_of(std::string_view which, const compared_side& side) {
    std::string text = fmt::format("{}: {}", which, side.file);
    if (!side.git_revision.empty()) {
        text += ", revision " + side.git_revision;
    }
    if (!side.started_utc.empty()) {
        text += ", measured " + side.started_utc;
    }
    return text;
}

std::string rounds_line(const comparison& found) {
    std::string text =
        found.paired
            ? fmt::format("{}, both in turns", counted(found.candidate.rounds, "generation"))
            : fmt::format("{} and {}, not in turns: whatever else changed between them counts too",
                          counted(found.base.rounds, "generation"), found.candidate.rounds);
    if (std::min(found.base.rounds, found.candidate.rounds) < found.rounds_needed) {
        text += fmt::format("; too few: to decide {} takes {}", counted(found.gated, "comparison"),
                            found.rounds_needed);
    }
    return text;
}

/// The smallest changes that the rounds could have seen in what the gate looks at.
std::string detectable_line(const comparison& found) {
    double least = 0;
    double most = 0;
    for (const compared_cell& cell : found.cells) {
        for (const compared_metric& figure : cell.metrics) {
            if (!figure.gated || !figure.detectable) {
                continue;
            }
            least = least == 0 ? *figure.detectable : std::min(least, *figure.detectable);
            most = std::max(most, *figure.detectable);
        }
    }
    if (most == 0) {
        return {};
    }
    if (least > blind) {
        return "these generations see " + what_is_seen(least);
    }
    std::string text = "smallest change that these generations see four times in five: " +
                       (most > blind ? "none" : percent(most));
    if (least < most) {
        text += fmt::format(" (in the steadiest cell {})", percent(least));
    }
    return text;
}

/// "control: sync/... is 4.0 % slower [3.8, 4.2]: ..."
std::string line_of_control(const compared_cell& cell) {
    std::string moved;
    for (const compared_metric& figure : cell.metrics) {
        if (figure.control_moved && figure.figure == cell.primary) {
            moved = " is " + change_of(figure) + ": the machine or the work itself has changed";
        }
    }
    return "control: " + shown(cell.name) + moved + "; no verdict rests on what is beside it";
}

std::vector<std::string> footer_of(const comparison& found) {
    std::vector<std::string> lines{rounds_line(found)};
    for (const compared_cell& cell : found.cells) {
        if (cell.is_control) {
            lines.push_back(line_of_control(cell));
        }
    }
    if (std::string line = detectable_line(found); !line.empty()) {
        lines.push_back(std::move(line));
    }
    lines.push_back(fmt::format("alpha {} for all {} together; changes below {} do not count",
                                percent(found.options.alpha), found.gated,
                                percent(found.options.min_effect)));
    lines.push_back(line_of("base", found.base));
    lines.push_back(line_of("new", found.candidate));
    for (const compared_cell& cell : found.cells) {
        // Where the gate has lost something, it is a row.
        if (!cell.not_compared.empty() && !cell.metrics.empty() && !cell.lost) {
            lines.push_back(
                fmt::format("not compared: {}: {}", shown(cell.name), cell.not_compared));
        }
    }
    for (const std::string& name : found.only_base) {
        lines.push_back("only in the base: " + shown(name));
    }
    for (const std::string& name : found.only_candidate) {
        lines.push_back("only in the new one: " + shown(name));
    }
    return lines;
}

}  // namespace

std::vector<row> rows_of(const compared_cell& cell) {
    std::vector<row> rows;
    for (const compared_metric& figure : cell.metrics) {
        rows.push_back(row_of(cell, figure));
    }
    if (rows.empty() || cell.lost || !cell.failure.empty()) {
        std::string why = cell.not_compared;
        if (why.empty() || (!cell.failure.empty() && !cell.metrics.empty())) {
            why = cell.failure.empty() ? "the new one lacks a figure of the gate's"
                                       : "in the new one a trial failed: " + cell.failure;
        }
        rows.push_back({shown(cell.name), std::string(about(cell.primary).name), "", "", "",
                        cell.ignored           ? "ignored"
                        : cell.failure.empty() ? "not compared"
                                               : "failed",
                        std::move(why), nullptr});
    }
    return rows;
}

comparison_table table_of(const comparison& found) {
    comparison_table table;
    table.verdict = verdict_line(found);
    for (const difference& d : found.differences) {
        table.differences.push_back(line_of(d));
    }
    std::vector<std::pair<int, row>> notable;
    for (const compared_cell& cell : found.cells) {
        for (row& r : rows_of(cell)) {
            const int when = urgency(cell, r);
            if (when == unremarkable) {
                table.rest.push_back(std::move(r));
            } else {
                notable.emplace_back(when, std::move(r));
            }
        }
    }
    std::stable_sort(notable.begin(), notable.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (auto& [when, r] : notable) {
        table.notable.push_back(std::move(r));
    }
    table.footer = footer_of(found);
    return table;
}

}  // namespace stratbench
