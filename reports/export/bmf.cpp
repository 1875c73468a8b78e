#include "reports/export/bmf.hpp"

#include <algorithm>
#include <string>

#include <nlohmann/json.hpp>

#include "harness/json/json_text.hpp"
#include "harness/model/metric.hpp"
#include "harness/results/json.hpp"

namespace stratbench {
namespace {

/// Bencher's names have no dots.
std::string measure_name(const metric_info& info) {
    std::string name = (info.latency ? "latency-" : "") + std::string(info.name);
    std::ranges::replace(name, '.', '-');
    return name;
}

void add(json& measures, const std::string& name, const std::optional<estimate>& figure) {
    if (!figure) {
        return;
    }
    json& measure = measures[name];
    measure["value"] = figure->value;
    if (!figure->ci95) {
        return;
    }
    measure["lower_value"] = figure->ci95->lo;
    measure["upper_value"] = figure->ci95->hi;
}

}  // namespace

std::string bmf(const study_results& results) {
    json all = json::object();
    for (const cell_result& cell : results.cells) {
        const cell_summary& s = cell.summary;
        if (cell.state != status::ok || s.trials == 0) {
            continue;
        }
        json measures = json::object();
        for (const metric id : {metric::throughput, metric::p50, metric::p90, metric::p99,
                                metric::p999, metric::startup, metric::memory}) {
            const metric_info& info = about(id);
            if (!info.is_bound(s)) {
                add(measures, measure_name(info), info.figure(s));
            }
        }
        all[cell.planned.name()] = std::move(measures);
    }
    return json_text(all, 2) + "\n";
}

}  // namespace stratbench
