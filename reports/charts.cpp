#include "reports/charts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "assets.hpp"
#include "harness/stats/histogram.hpp"
#include "reports/format.hpp"

namespace stratbench::reports {
namespace {

using nlohmann::json;
using namespace nlohmann::literals;
using colour_map = std::map<std::string, std::string>;

/// Points of one line; a series with more is thinned to every k-th.
constexpr std::size_t most_points = 300;
/// A curve ends where fewer tasks than this lie beyond: the same measure by which p99 is refused
/// below 2,000 tasks.
constexpr double tasks_beyond = 20;
constexpr int points_per_decade = 20;

/// Three decimals are beyond what a screen shows and keep the page small.
double rounded(double value) {
    return std::round(value * 1000) / 1000;
}

json row_of(const cell_result& cell, const colour_map& colours) {
    return {{"strategy", (cell.what.reference ? "ref: " : "") + cell.what.strategy},
            {"colour", colour_of(cell, colours)}};
}

json with(json row, const json& more) {
    row.update(more);
    return row;
}

/// `base` with the ends of the interval, added to `intervals` if there is one.
void add_interval(json& intervals, const json& base, const std::optional<interval>& i) {
    if (i) intervals.push_back(with(base, {{"lo", i->lo}, {"hi", i->hi}}));
}

/// `spec`, one of the files in web/charts, with its named data. A layer without data is left out:
/// Vega warns of a scale that has nothing to span.
json specification(std::string_view spec, json datasets) {
    json out = json::parse(spec);
    if (out.contains("layer")) {
        json layers = json::array();
        for (json& layer : out["layer"])
            if (!datasets.at(layer.at("data").at("name").get<std::string>()).empty())
                layers.push_back(std::move(layer));
        out["layer"] = std::move(layers);
    }
    out["datasets"] = std::move(datasets);
    return out;
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
        if (!rate) continue;
        const json base = row_of(cell, colours);
        cells.push_back(
            with(base, {{"value", rate->value}, {"text", quantity(*rate) + " tasks/s"}}));
        add_interval(intervals, cells.back(), rate->ci95);
        longest = std::max({longest, rate->value, cell.what.load.rate_per_s});
        for (const trial_record& t : cell.trials) {
            if (t.what != status::ok) continue;
            longest = std::max(longest, t.throughput_per_s);
            trials.push_back(with(base, {{"value", t.throughput_per_s},
                                         {"text", fmt::format("round {}: {} tasks/s", t.round + 1,
                                                              quantity(t.throughput_per_s))}}));
        }
        if (asked.empty() && cell.what.load.rate_per_s > 0)
            asked.push_back(
                {{"value", cell.what.load.rate_per_s},
                 {"text", "asked: " + quantity(cell.what.load.rate_per_s) + " tasks/s"}});
    }
    if (cells.empty()) return {};
    const std::string note =
        asked.empty() ? "Longer is better. Dots are rounds, the line their 95 % interval."
                      : "Dots are rounds, the line their 95 % interval; dashed: the rate "
                        "that was asked for. Below it, tasks were left waiting.";
    json spec = specification(assets::throughput_chart(), {{"cells", std::move(cells)},
                                                           {"intervals", std::move(intervals)},
                                                           {"trials", std::move(trials)},
                                                           {"asked", std::move(asked)}});
    spec["/layer/0/encoding/x/scale/domainMax"_json_pointer] = std::max(1e-3, 1.04 * longest);
    return chart{"throughput", "Throughput", note, std::move(spec)};
}

/// The smallest duration that is only a lower bound, over all trials.
double bound_from(const cell_result& cell) {
    double bound = INFINITY;
    for (const trial_record& t : cell.trials)
        if (t.what == status::ok && t.latency && t.latency->censored_from)
            bound = std::min(bound, *t.latency->censored_from);
    return bound;
}

/// The merged histogram as one line, and another where the values are only lower bounds. `rank` is
/// 1 / (1 - q), on whose logarithm every nine takes the same room.
void add_curve(json& curves, const cell_result& cell, const json& base) {
    histogram h;
    try {
        h = histogram::decode(cell.summary.latency_ns->histogram_v2);
    } catch (const std::runtime_error&) {
        return;
    }
    const double bound = bound_from(cell);
    const double last = static_cast<double>(h.count()) / tasks_beyond;
    json measured_rank = json::array(), measured_ns = json::array();
    json bound_rank = json::array(), bound_ns = json::array();
    for (int i = 0;; ++i) {
        const double rank = std::pow(10.0, static_cast<double>(i) / points_per_decade);
        if (rank > last) break;
        const auto ns = static_cast<double>(
            std::max<std::int64_t>(1, h.value_at_percentile(100 * (1 - 1 / rank))));
        const bool is_bound = ns >= bound;
        (is_bound ? bound_rank : measured_rank).push_back(rounded(rank));
        (is_bound ? bound_ns : measured_ns).push_back(ns);
    }
    if (!measured_rank.empty())
        curves.push_back(
            with(base, {{"kind", "measured"}, {"rank", measured_rank}, {"ns", measured_ns}}));
    if (!bound_rank.empty())
        curves.push_back(
            with(base, {{"kind", "at least"}, {"rank", bound_rank}, {"ns", bound_ns}}));
}

void add_percentile(json& points, json& intervals, const json& base, double rank,
                    std::string_view name, const percentile& p) {
    if (!p.value || !p.refused.empty()) return;
    const double ns = std::max(1.0, *p.value);
    points.push_back(with(base, {{"rank", rank},
                                 {"ns", ns},
                                 {"kind", p.censored ? "at least" : "measured"},
                                 {"text", fmt::format("{}: {}", name, duration(p, true))}}));
    // The axis is logarithmic.
    if (p.ci95 && p.ci95->lo > 0) add_interval(intervals, points.back(), p.ci95);
}

void widen(interval& range, double value) {
    range.lo = std::min(range.lo, value);
    range.hi = std::max(range.hi, value);
}

std::optional<chart> latency(const group_table& table, const colour_map& colours) {
    json curves = json::array();
    json points = json::array();
    json intervals = json::array();
    for (const auto& row : table.rows) {
        const auto& percentiles = row.cell->summary.latency_ns;
        if (!percentiles) continue;
        const json base = row_of(*row.cell, colours);
        add_curve(curves, *row.cell, base);
        add_percentile(points, intervals, base, 2, "p50", percentiles->p50);
        add_percentile(points, intervals, base, 10, "p90", percentiles->p90);
        add_percentile(points, intervals, base, 100, "p99", percentiles->p99);
        add_percentile(points, intervals, base, 1000, "p99.9", percentiles->p999);
    }
    if (curves.empty() && points.empty()) return {};
    // As with throughput, an interval is cut off where nothing was measured.
    interval drawn{static_cast<double>(histogram::highest_ns), 1};
    for (const json& curve : curves)
        for (const json& ns : curve.at("ns")) widen(drawn, ns.get<double>());
    for (const json& point : points) widen(drawn, point.at("ns").get<double>());
    json spec = specification(assets::latency_chart(), {{"curves", std::move(curves)},
                                                        {"points", std::move(points)},
                                                        {"intervals", std::move(intervals)}});
    const double first = std::floor(std::log10(drawn.lo));
    const double last = std::max(first + 1, std::ceil(std::log10(drawn.hi)));
    json ticks = json::array();
    for (double decade = first; decade <= last; ++decade)
        for (const double times : {1, 2, 5})
            if (times == 1 || last - first <= 2) ticks.push_back(times * std::pow(10, decade));
    spec["/encoding/y/scale/domain"_json_pointer] = {std::pow(10, first), std::pow(10, last)};
    spec["/encoding/y/axis/values"_json_pointer] = std::move(ticks);
    const bool open = table.rows.front().cell->what.load.open();
    return chart{
        "latency", "Latency, from due to completed",
        fmt::format(
            "{}; each step to the right is one nine. Points: median of the rounds "
            "with its 95 % interval; lines: all rounds together. Dashed, triangles: at least.",
            open ? "Lower is better" : "Not to be compared, since who is slow is asked for less"),
        std::move(spec)};
}

std::optional<chart> phases(const group_table& table, const colour_map& colours) {
    json rows = json::array();
    json totals = json::array();
    for (const auto& row : table.rows) {
        const auto& means = row.cell->summary.phases_ns;
        if (!means) continue;
        const std::pair<std::string_view, double> parts[] = {{"waiting", means->waiting},
                                                             {"dispatch", means->dispatch},
                                                             {"service", means->service},
                                                             {"return", means->back}};
        const double total = means->waiting + means->dispatch + means->service + means->back;
        totals.push_back(with(row_of(*row.cell, colours), {{"text", duration(total)}}));
        int order = 0;
        for (const auto& [phase, ns] : parts)
            rows.push_back(with(row_of(*row.cell, colours),
                                {{"phase", phase},
                                 {"order", order++},
                                 {"ns", rounded(ns)},
                                 {"text", fmt::format("{}: {}", phase, duration(ns))}}));
    }
    if (rows.empty()) return {};
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
    for (std::size_t i = 0; i < series.size(); i += step) use(series[i]);
}

std::optional<chart> cpu(const group_table& table, const colour_map& colours) {
    json rows = json::array();
    int cpus = 1;
    int order = 0;
    for (const auto& row : table.rows) {
        cpus = std::max(cpus, row.cell->what.cpus);
        ++order;
        for (const trial_record& t : row.cell->trials) {
            if (t.what != status::ok || t.cpu.series.empty()) continue;
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
    if (rows.empty()) return {};
    json spec = specification(assets::cpu_chart(), {{"series", std::move(rows)}});
    // All CPUs and a little more: a sample may overshoot by what the kernel accounts late.
    spec["/spec/layer/0/encoding/y/scale/domainMax"_json_pointer] = 1.05 * cpus;
    return chart{
        "cpu", "CPU load over time",
        fmt::format("Busy cores of the whole process tree, of {}; one line for each round. "
                    "Dashed: stolen by the hypervisor.",
                    cpus),
        std::move(spec)};
}

std::optional<chart> loop_lag(const group_table& table, const colour_map& colours) {
    json rows = json::array();
    for (const auto& row : table.rows) {
        for (const trial_record& t : row.cell->trials) {
            if (t.what != status::ok || t.heartbeats.empty()) continue;
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
    if (rows.empty()) return {};
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
        colours.emplace(cell.what.strategy, next);
    }
    return colours;
}

const std::string& colour_of(const cell_result& cell, const colour_map& colours) {
    static const std::string grey = "#868e99";
    const auto found = colours.find(cell.what.strategy);
    return cell.what.reference || found == colours.end() ? grey : found->second;
}

std::vector<chart> charts_of(const group_table& table, const colour_map& colours) {
    std::vector<chart> charts;
    for (const auto make : {throughput, latency, phases, cpu, loop_lag})
        if (auto made = make(table, colours)) charts.push_back(std::move(*made));
    return charts;
}

}  // namespace stratbench::reports
