#include "reports/export/github.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include <nlohmann/json.hpp>

#include "harness/json/json_text.hpp"
#include "harness/model/metric.hpp"
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
            const auto per_s = about(metric::throughput).figure(s);
            if (per_s && per_s->value > 0) {
                all.push_back(entry(cell, "time", "ns/task", per_task(*per_s)));
            }
            continue;
        }
        for (const metric id : {metric::p50, metric::p99}) {
            const metric_info& info = about(id);
            const auto figure = info.figure(s);
            if (figure && !info.is_bound(s)) {
                all.push_back(entry(cell, info.name, info.unit, *figure));
            }
        }
    }
    return json_text(all, 2) + "\n";
}

}  // namespace stratbench
