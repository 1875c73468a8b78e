#include "reports/study/charts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>

#include "assets.hpp"
#include "harness/json/json_text.hpp"
#include "reports/study/latency_chart.hpp"
#include "reports/text/format.hpp"

namespace stratbench {
namespace {

using namespace nlohmann::literals;
using colour_map = std::map<std::string, std::string>;

/// Points of one line; a series with more is thinned to every k-th.
constexpr std::size_t most_points = 300;

std::string shown_name(const cell_result& cell) {
    return (cell.planned.reference ? "ref: " : "") + cell.planned.strategy;
}

json row_of(const cell_result& cell, const colour_map& colours) {
    return {{"strategy", shown_name(cell)}, {"colour", colour_of(cell, colours)}};
}

std::optional<chart> throughput(const group_table& table, const colour_map& colours) {
    json cells = json::array();
    json intervals = json::array();
    json trials = json::array();
    json asked = json::array();
    // Of few rounds an interval can reach far beyond all that was measured: it must not set the
    // scale, and is cut off at the edge.
    double longest = 0;
    for (const auto& row : table.rows) {
        const cell_result& cell = *row.cell;
        const auto& rate = cell.summary.throughput_per_s;
        if (!rate) {
            continue;
        }
        const json base = row_of(cell, colours);
        cells.push_back(
            with(base, {{"value", rate->value}, {"text", quantity(*rate) + " tasks/s"}}));
        add_interval(intervals, cells.back(), rate->ci95);
        longest = std::max({longest, rate->value, cell.planned.load.rate_per_s});
        for (const trial_record& t : cell.trials) {
            if (t.state != status::ok) {
                continue;
            }
            longest = std::max(longest, t.throughput_per_s);
            trials.push_back(with(base, {{"value", t.throughput_per_s},
                                         {"text", fmt::format("round {}: {} tasks/s", t.round + 1,
                                                              quantity(t.throughput_per_s))}}));
        }
        if (asked.empty() && cell.planned.load.rate_per_s > 0) {
            asked.push_back(
                {{"value", cell.planned.load.rate_per_s},
                 {"text", "asked: " + quantity(cell.planned.load.rate_per_s) + " tasks/s"}});
        }
    }
    if (cells.empty()) {
        return {};
    }
    const std::string note =
        asked.empty() ? "Longer is better. Dots are trials, the line their 95 % interval."
                      : "Dots are trials, the line their 95 % interval; dashed: the rate "
                        "that was asked for. Below it, tasks were left waiting.";
    json spec = specification(assets::throughput_chart(), {{"cells", std::move(cells)},
                                                           {"intervals", std::move(intervals)},
                                                           {"trials", std::move(trials)},
                                                           {"asked", std::move(asked)}});
    spec["/layer/0/encoding/x/scale/domainMax"_json_pointer] = std::max(1e-3, 1.04 * longest);
    return chart{"throughput", "Throughput", note, std::move(spec)};
}

std::optional<chart> latency(const group_table& table, const colour_map& colours) {
    std::vector<latency_line> lines;
    for (const auto& row : table.rows) {
        lines.push_back({row.cell, shown_name(*row.cell), colour_of(*row.cell, colours)});
    }
    const bool open = table.rows.front().cell->planned.load.open();
    return latency_chart(lines, open ? "Lower is better"
                                     : "Not to be compared, since who is slow is asked for less");
}

std::optional<chart> phases(const group_table& table, const colour_map& colours) {
    json rows = json::array();
    json totals = json::array();
    for (const auto& row : table.rows) {
        const auto& means = row.cell->summary.phases_ns;
        if (!means) {
            continue;
        }
        const std::pair<std::string_view, double> parts[] = {{"waiting", means->waiting},
                                                             {"dispatch", means->dispatch},
                                                             {"service", means->service},
                                                             {"return", means->back}};
        const double total = means->waiting + means->dispatch + means->service + means->back;
        totals.push_back(with(row_of(*row.cell, colours), {{"text", duration(total)}}));
        int order = 0;
        for (const auto& [phase, ns] : parts) {
            rows.push_back(with(row_of(*row.cell, colours),
                                {{"phase", phase},
                                 {"order", order++},
                                 {"ns", rounded(ns)},
                                 {"text", fmt::format("{}: {}", phase, duration(ns))}}));
        }
    }
    if (rows.empty()) {
        return {};
    }
    return chart{"phases", "Where a task's time goes",
                 "Shares of the mean time, which stands at the right. Waiting: due, not yet "
                 "accepted. Dispatch: accepted, not yet started. "
                 "Service: the work. Return: finished, not yet in the caller's hands.",
                 specification(assets::phases_chart(),
                               {{"phases", std::move(rows)}, {"totals", std::move(totals)}})};
}

/// Every k-th item of `series`, with k such that at most `most_points` remain.
template <class T, class Use>
void for_thinned(const std::vector<T>& series, Use use) {
    const std::size_t step = series.size() / most_points + 1;
    for (std::size_t i = 0; i < series.size(); i += step) {
        use(series[i]);
    }
}

std::optional<chart> cpu(const group_table& table, const colour_map& colours) {
    json rows = json::array();
    int cpus = 1;
    int order = 0;
    for (const auto& row : table.rows) {
        cpus = std::max(cpus, row.cell->planned.cpus);
        ++order;
        for (const trial_record& t : row.cell->trials) {
            if (t.state != status::ok || t.cpu.series.empty()) {
                continue;
            }
            json at = json::array(), busy = json::array(), steal = json::array();
            for_thinned(t.cpu.series, [&](const cpu_sample& s) {
                at.push_back(rounded(static_cast<double>(s.at_ns) / 1e9));
                busy.push_back(rounded(s.busy_cores));
                steal.push_back(rounded(s.steal_cores));
            });
            rows.push_back(with(row_of(*row.cell, colours), {{"order", order},
                                                             {"round", t.round + 1},
                                                             {"at", std::move(at)},
                                                             {"busy", std::move(busy)},
                                                             {"steal", std::move(steal)}}));
        }
    }
    if (rows.empty()) {
        return {};
    }
    json spec = specification(assets::cpu_chart(), {{"series", std::move(rows)}});
    // All CPUs and a little more: a sample may overshoot by what the kernel accounts late.
    spec["/spec/layer/0/encoding/y/scale/domainMax"_json_pointer] = 1.05 * cpus;
    return chart{
        "cpu", "CPU load over time",
        fmt::format("Busy cores of the whole process tree, of {}; one line for each trial. "
                    "Dashed: stolen by the hypervisor.",
                    cpus),
        std::move(spec)};
}

std::optional<chart> loop_lag(const group_table& table, const colour_map& colours) {
    json rows = json::array();
    for (const auto& row : table.rows) {
        for (const trial_record& t : row.cell->trials) {
            if (t.state != status::ok || t.heartbeats.empty()) {
                continue;
            }
            json at = json::array(), lag = json::array();
            for_thinned(t.heartbeats, [&](const loop_beat& b) {
                at.push_back(rounded(static_cast<double>(b.at_ns) / 1e9));
                lag.push_back(b.lag_ns);
            });
            rows.push_back(
                with(row_of(*row.cell, colours),
                     {{"round", t.round + 1}, {"at", std::move(at)}, {"lag", std::move(lag)}}));
        }
    }
    if (rows.empty()) {
        return {};
    }
    return chart{"loop_lag", "Lag of the event loop",
                 "How late the loop's own timer fired: near zero while the loop is free.",
                 specification(assets::loop_lag_chart(), {{"beats", std::move(rows)}})};
}

}  // namespace

std::map<std::string, std::string> strategy_colours(const study_results& results) {
    // Okabe and Ito (2008) without black and yellow, which one of the two backgrounds swallows;
    // then Tol's muted scheme.
    static constexpr std::string_view palette[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                                   "#e69f00", "#56b4e9", "#882255", "#999933",
                                                   "#aa4499", "#44aa99", "#ddcc77", "#6699cc"};
    std::map<std::string, std::string> colours;
    for (const cell_result& cell : results.cells) {
        const auto next = palette[colours.size() % std::size(palette)];
        colours.emplace(cell.planned.strategy, next);
    }
    return colours;
}

const std::string& colour_of(const cell_result& cell, const colour_map& colours) {
    static const std::string grey = "#868e99";
    const auto found = colours.find(cell.planned.strategy);
    return cell.planned.reference || found == colours.end() ? grey : found->second;
}

std::vector<chart> charts_of(const group_table& table, const colour_map& colours) {
    std::vector<chart> charts;
    for (const auto make : {throughput, latency, phases, cpu, loop_lag}) {
        if (auto made = make(table, colours)) {
            charts.push_back(std::move(*made));
        }
    }
    return charts;
}

}  // namespace stratbench
