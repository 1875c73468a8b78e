#include "reports/export/github.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include <nlohmann/json.hpp>

#include "harness/json/json_text.hpp"
#include "harness/results/json.hpp"

namespace stratbench {
namespace {

json entry(const cell_result& cell, std::string_view metric, std::string_view unit,
           const estimate& figure) {
    json e{{"name", fmt::format("{} {}", cell.planned.name(), metric)},
           {"unit", unit},
           {"value", figure.value}};
    if (figure.ci95) {
        e["range"] = fmt::format("\u00b1 {:.4g}", std::max(figure.value - figure.ci95->lo,
                                                           figure.ci95->hi - figure.value));
    }
    e["extra"] = fmt::format("trials: {}", cell.summary.trials);
    return e;
}

/// What a task takes where so many are done in a second.
estimate per_task(const estimate& per_s) {
    estimate e{1e9 / per_s.value, {}};
    if (per_s.ci95 && per_s.ci95->lo > 0) {
        e.ci95 = interval{1e9 / per_s.ci95->hi, 1e9 / per_s.ci95->lo};
    }
    return e;
}

}  // namespace

std::string github_benchmarks(const study_results& results) {
    json all = json::array();
    for (const cell_result& cell : results.cells) {
        const cell_summary& s = cell.summary;
        if (cell.state != status::ok || s.trials == 0) {
            continue;
        }
        if (!cell.planned.load.ranked_by_latency()) {
            if (s.throughput_per_s && s.throughput_per_s->value > 0) {
                all.push_back(entry(cell, "time", "ns/task", per_task(*s.throughput_per_s)));
            }
            continue;
        }
        if (!s.latency_ns) {
            continue;
        }
        const auto add = [&](std::string_view metric, const percentile& p) {
            if (const auto figure = p.figure()) {
                all.push_back(entry(cell, metric, "ns", *figure));
            }
        };
        add("p50", s.latency_ns->p50);
        add("p99", s.latency_ns->p99);
    }
    return json_text(all, 2) + "\n";
}

}  // namespace stratbench
