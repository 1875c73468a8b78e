#include "reports/export/bmf.hpp"

#include <nlohmann/json.hpp>

#include "harness/json/json_text.hpp"
#include "harness/results/json.hpp"

namespace stratbench {
namespace {

void add(json& measures, const char* name, const std::optional<estimate>& figure) {
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
        add(measures, "throughput", s.throughput_per_s);
        if (s.latency_ns) {
            add(measures, "latency-p50", s.latency_ns->p50.figure());
            add(measures, "latency-p90", s.latency_ns->p90.figure());
            add(measures, "latency-p99", s.latency_ns->p99.figure());
            add(measures, "latency-p99-9", s.latency_ns->p999.figure());
        }
        add(measures, "startup", s.startup_ns);
        add(measures, "memory", estimate{static_cast<double>(s.peak_memory_bytes), {}});
        all[cell.planned.name()] = std::move(measures);
    }
    return json_text(all, 2) + "\n";
}

}  // namespace stratbench
