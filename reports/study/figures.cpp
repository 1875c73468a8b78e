#include "reports/study/figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>

#include "harness/judge/harness_cost.hpp"
#include "harness/model/metric.hpp"
#include "reports/text/format.hpp"

namespace stratbench {
namespace {

using text_of_cell = std::function<std::string(const cell_result&)>;

struct figure_line {
    std::string title;
    text_of_cell text;
    /// Of the environment: why no cell has it here.
    std::string absent = {};
};

template <class Form>
text_of_cell plainly(std::optional<estimate> cell_summary::*which, Form form) {
    return [=](const cell_result& cell) -> std::string {
        const std::optional<estimate>& e = cell.summary.*which;
        return e ? form(e->value) : "-";
    };
}

text_of_cell time(std::optional<double> cell_summary::*which) {
    return [=](const cell_result& cell) -> std::string {
        const std::optional<double>& ns = cell.summary.*which;
        return ns ? duration(*ns) : "-";
    };
}

text_of_cell peak(int cell_summary::*which) {
    return [=](const cell_result& cell) -> std::string {
        const int n = cell.summary.*which;
        return n > 0 ? quantity(n) : "-";
    };
}

using percentiles = cell_summary::percentiles;

/// A percentile, or the maximum without `which`.
text_of_cell tail(std::optional<percentiles> cell_summary::*of,
                  percentile percentiles::*which = nullptr) {
    return [=](const cell_result& cell) -> std::string {
        const auto& found = cell.summary.*of;
        if (!found) {
            return "-";
        }
        if (which != nullptr) {
            return duration((*found).*which);
        }
        return (found->max_censored ? "> " : "") + duration(found->max);
    };
}

std::vector<figure_line> of_distribution(std::optional<percentiles> cell_summary::*which) {
    std::vector<figure_line> lines;
    for (const metric_info& info : metrics) {
        if (info.latency) {
            lines.push_back({std::string(info.name), tail(which, info.latency->of_cell)});
        }
    }
    lines.push_back({"max", tail(which)});
    return lines;
}

std::vector<figure_line> of_front_end() {
    return {{"blocked", [](const auto& cell) { return percent(cell.summary.blocked_fraction); }},
            {"longest stall",
             [](const cell_result& cell) -> std::string {
                 const auto ns = cell.summary.longest_stall_ns;
                 return ns > 0 ? duration(static_cast<double>(ns)) : "-";
             }},
            {"worst lag of the loop",
             [](const cell_result& cell) -> std::string {
                 const auto& ns = cell.summary.longest_loop_lag_ns;
                 return ns ? duration(static_cast<double>(*ns)) : "-";
             }},
            {"pacing error, p50", time(&cell_summary::pacing_p50_ns)},
            {"pacing error, p90", time(&cell_summary::pacing_p90_ns)},
            {"pacing error, p99", time(&cell_summary::pacing_p99_ns)}};
}

std::vector<figure_line> of_cpu(const environment& machine) {
    const auto number = [](double value) { return quantity(value); };
    const auto seconds = [](double s) { return s > 0 ? duration(s * 1e9) : "-"; };
    return {
        {"user, each trial", [=](const auto& cell) { return seconds(cell.summary.user_s); }},
        {"system, each trial", [=](const auto& cell) { return seconds(cell.summary.system_s); }},
        {"tasks/s and busy core", plainly(&cell_summary::throughput_per_busy_core, number)},
        {"context switches/task", plainly(&cell_summary::context_switches_per_task, number)},
        {"page faults/task", plainly(&cell_summary::page_faults_per_task, number)},
        {"migrations/task", plainly(&cell_summary::migrations_per_task, number),
         machine.migrations_absent},
        {"instructions/cycle",
         plainly(&cell_summary::instructions_per_cycle, [](double v) { return plain(v); }),
         machine.hardware_absent},
        {"energy/task", plainly(&cell_summary::energy_per_task_j, energy), machine.energy_absent}};
}

std::vector<figure_line> of_tree() {
    return {
        {"processes", peak(&cell_summary::peak_processes)},
        {"threads", peak(&cell_summary::peak_threads)},
        {"descriptors", peak(&cell_summary::peak_descriptors)},
        {"memory",
         [](const cell_result& cell) -> std::string {
             const auto n = cell.summary.peak_memory_bytes;
             return n > 0 ? bytes(n) : "-";
         }},
        {"start-up", plainly(&cell_summary::startup_ns, [](double ns) { return duration(ns); })}};
}

std::vector<figure_line> of_containment() {
    const auto count = [](auto of) -> text_of_cell {
        return [=](const cell_result& cell) -> std::string {
            const std::uint64_t n = of(cell.summary);
            return n > 0 ? quantity(static_cast<double>(n)) : "-";
        };
    };
    using summary = const cell_summary&;
    return {{"failed", count([](summary s) { return s.outcomes.error; })},
            {"crashed", count([](summary s) { return s.outcomes.crashed; })},
            {"timed out", count([](summary s) { return s.outcomes.timed_out; })},
            {"cancelled", count([](summary s) { return s.outcomes.cancelled; })},
            {"tried again", count([](summary s) { return s.contained.retries; })},
            {"workers replaced", count([](summary s) { return s.contained.workers_replaced; })}};
}

std::vector<figure_line> of_harness(const environment& machine) {
    return {{"tasks stamped",
             [](const cell_result& cell) -> std::string {
                 return cell.planned.stamp_one_in == 1
                            ? "all"
                            : fmt::format("1 in {}", cell.planned.stamp_one_in);
             }},
            {"its cost, of a task", [&machine](const cell_result& cell) -> std::string {
                 const auto cost = harness_cost(cell.planned, machine);
                 return cost ? percent(*cost) : "-";
             }}};
}

}  // namespace

figure_table figures_of(const group_table& table, const environment& machine) {
    figure_table out;
    for (const group_table::row& row : table.rows) {
        if (!row.figures.empty()) {
            out.cells.push_back(&row);
        }
    }

    const std::pair<std::string_view, std::vector<figure_line>> sections[] = {
        {"latency, from due to completed", of_distribution(&cell_summary::latency_ns)},
        {"service time", of_distribution(&cell_summary::service_ns)},
        {"front end", of_front_end()},
        {"CPU of the tree", of_cpu(machine)},
        {"peak of the tree", of_tree()},
        {"tasks that did not end well", of_containment()},
        {"harness", of_harness(machine)},
    };
    for (const auto& [title, figures] : sections) {
        figure_table::section section{std::string(title), {}};
        for (const figure_line& f : figures) {
            figure_table::row row{f.title, {}};
            for (const auto* cell : out.cells) {
                row.figures.push_back(f.text(*cell->cell));
            }
            const bool none = std::all_of(row.figures.begin(), row.figures.end(),
                                          [](const std::string& text) { return text == "-"; });
            if (none && !f.absent.empty()) {
                out.absent.push_back(f.title + ": " + f.absent);
            }
            if (!none || !f.absent.empty()) {
                section.rows.push_back(std::move(row));
            }
        }
        if (!section.rows.empty()) {
            out.sections.push_back(std::move(section));
        }
    }
    return out;
}

}  // namespace stratbench
