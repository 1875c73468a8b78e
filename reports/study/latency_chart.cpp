#include "reports/study/latency_chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <utility>

#include "assets.hpp"
#include "harness/json/json_text.hpp"
#include "harness/stats/histogram/histogram.hpp"
#include "reports/text/format.hpp"

namespace stratbench {
namespace {

using namespace nlohmann::literals;

/// A curve ends where fewer tasks than this lie beyond: the same measure by which p99 is refused
/// below 2,000 tasks.
constexpr double tasks_beyond = 20;
constexpr int points_per_decade = 20;

/// The smallest duration that is only a lower bound, over all trials.
double bound_from(const cell_result& cell) {
    double bound = INFINITY;
    for (const trial_record& t : cell.trials) {
        if (t.state == status::ok && t.latency && t.latency->censored_from) {
            bound = std::min(bound, *t.latency->censored_from);
        }
    }
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
        if (rank > last) {
            break;
        }
        const auto ns = static_cast<double>(
            std::max<std::int64_t>(1, h.value_at_percentile(100 * (1 - 1 / rank))));
        const bool is_bound = ns >= bound;
        (is_bound ? bound_rank : measured_rank).push_back(rounded(rank));
        (is_bound ? bound_ns : measured_ns).push_back(ns);
    }
    if (!measured_rank.empty()) {
        curves.push_back(
            with(base, {{"kind", "measured"}, {"rank", measured_rank}, {"ns", measured_ns}}));
    }
    if (!bound_rank.empty()) {
        curves.push_back(
            with(base, {{"kind", "at least"}, {"rank", bound_rank}, {"ns", bound_ns}}));
    }
}

void add_percentile(json& points, json& intervals, const json& base, double rank,
                    std::string_view name, const percentile& p) {
    if (!p.value || !p.refused.empty()) {
        return;
    }
    const double ns = std::max(1.0, *p.value);
    points.push_back(with(base, {{"rank", rank},
                                 {"ns", ns},
                                 {"kind", p.censored ? "at least" : "measured"},
                                 {"text", fmt::format("{}: {}", name, duration(p, true))}}));
    // The axis is logarithmic.
    if (p.ci95 && p.ci95->lo > 0) {
        add_interval(intervals, points.back(), p.ci95);
    }
}

void widen(interval& range, double value) {
    range.lo = std::min(range.lo, value);
    range.hi = std::max(range.hi, value);
}

}  // namespace

std::optional<chart> latency_chart(const std::vector<latency_line>& lines,
                                   std::string_view direction) {
    json curves = json::array();
    json points = json::array();
    json intervals = json::array();
    for (const latency_line& line : lines) {
        const auto& percentiles = line.cell->summary.latency_ns;
        if (!percentiles) {
            continue;
        }
        const json base = {{"strategy", line.name}, {"colour", line.colour}};
        add_curve(curves, *line.cell, base);
        add_percentile(points, intervals, base, 2, "p50", percentiles->p50);
        add_percentile(points, intervals, base, 10, "p90", percentiles->p90);
        add_percentile(points, intervals, base, 100, "p99", percentiles->p99);
        add_percentile(points, intervals, base, 1000, "p99.9", percentiles->p999);
    }
    if (curves.empty() && points.empty()) {
        return {};
    }
    // As with throughput, an interval is cut off where nothing was measured.
    interval drawn{static_cast<double>(histogram::highest_ns), 1};
    for (const json& curve : curves) {
        for (const json& ns : curve.at("ns")) {
            widen(drawn, ns.get<double>());
        }
    }
    for (const json& point : points) {
        widen(drawn, point.at("ns").get<double>());
    }
    json spec = specification(assets::latency_chart(), {{"curves", std::move(curves)},
                                                        {"points", std::move(points)},
                                                        {"intervals", std::move(intervals)}});
    const double first = std::floor(std::log10(drawn.lo));
    const double last = std::max(first + 1, std::ceil(std::log10(drawn.hi)));
    json ticks = json::array();
    for (double decade = first; decade <= last; ++decade) {
        for (const double times : {1, 2, 5}) {
            if (times == 1 || last - first <= 2) {
                ticks.push_back(times * std::pow(10, decade));
            }
        }
    }
    spec["/encoding/y/scale/domain"_json_pointer] = {std::pow(10, first), std::pow(10, last)};
    spec["/encoding/y/axis/values"_json_pointer] = std::move(ticks);
    return chart{
        "latency", "Latency, from due to completed",
        fmt::format(
            "{}; each step to the right is one nine. Points: median of the rounds "
            "with its 95 % interval; lines: all rounds together. Dashed, triangles: at least.",
            direction),
        std::move(spec)};
}

}  // namespace stratbench
