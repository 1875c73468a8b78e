#include "reports/export/csv.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

#include "harness/model/metric.hpp"
#include "harness/results/record_fields.hpp"
#include "reports/text/format.hpp"

namespace stratbench {
namespace {

/// A field that may hold anything.
std::string text(std::string_view value) {
    std::string field = utf8(value);
    if (!field.empty() && std::string_view("=+-@\t\r").find(field.front()) != std::string::npos) {
        field.insert(0, 1, '\'');
    }
    if (field.find_first_of("\",\r\n") == std::string::npos) {
        return field;
    }
    std::string quoted = "\"";
    for (const char c : field) {
        quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    }
    return quoted + '"';
}

template <typename Number>
std::string number(Number value) {
    if constexpr (std::is_floating_point_v<Number>) {
        if (!std::isfinite(value)) {
            return {};
        }
    }
    return fmt::format("{}", value);
}

template <typename Number>
std::string number(const std::optional<Number>& value) {
    return value ? number(*value) : std::string();
}

using latency_member = double distribution::*;
std::string of(const std::optional<distribution>& d, latency_member which) {
    return d ? number((*d).*which) : std::string();
}

/// The figure of the table of figures.
template <metric id>
std::string figure(const cell_result&, const trial_record& trial) {
    return number(about(id).figure(trial));
}

struct column {
    std::string_view name;
    std::string (*of)(const cell_result&, const trial_record&);
};

constexpr std::array table_columns{
    column{"cell", [](const auto& c, const auto&) { return text(c.planned.name()); }},
    column{"strategy", [](const auto& c, const auto&) { return text(c.planned.strategy); }},
    column{"workload", [](const auto& c, const auto&) { return text(c.planned.workload); }},
    column{"load", [](const auto& c, const auto&) { return text(c.planned.load.text); }},
    column{"workers", [](const auto& c, const auto&) { return number(c.planned.workers); }},
    column{"cpus", [](const auto& c, const auto&) { return number(c.planned.cpus); }},
    column{"round", [](const auto&, const auto& t) { return number(t.round); }},
    column{"status",
           [](const auto&, const auto& t) {
               return std::string(names_of<status>.at(static_cast<std::size_t>(t.state)));
           }},
    column{"reason", [](const auto&, const auto& t) { return text(t.reason); }},
    column{"labels",
           [](const auto&, const auto& t) {
               return text(fmt::format("{}", fmt::join(t.labels, " ")));
           }},
    column{"throughput_per_s", figure<metric::throughput>},
    column{"latency_p50_ns", figure<metric::p50>},
    column{"latency_p90_ns", figure<metric::p90>},
    column{"latency_p99_ns", figure<metric::p99>},
    column{"latency_p999_ns", figure<metric::p999>},
    column{"latency_max_ns",
           [](const auto&, const auto& t) { return of(t.latency, &distribution::max); }},
    column{"service_p50_ns",
           [](const auto&, const auto& t) { return of(t.service, &distribution::p50); }},
    column{"service_p99_ns",
           [](const auto&, const auto& t) { return of(t.service, &distribution::p99); }},
    column{"elapsed_ns", [](const auto&, const auto& t) { return number(t.elapsed_ns); }},
    column{"window_ns", [](const auto&, const auto& t) { return number(t.window_ns); }},
    column{"startup_ns", figure<metric::startup>},
    column{"asked_per_s", [](const auto&, const auto& t) { return number(t.asked_per_s); }},
    column{"offered_per_s", [](const auto&, const auto& t) { return number(t.offered_per_s); }},
    column{"user_s", [](const auto&, const auto& t) { return number(t.cpu.user_s); }},
    column{"system_s", [](const auto&, const auto& t) { return number(t.cpu.system_s); }},
    column{"mean_busy_cores",
           [](const auto&, const auto& t) { return number(t.cpu.mean_busy_cores); }},
    column{"efficiency", [](const auto&, const auto& t) { return number(t.cpu.efficiency); }},
    column{"steal_s", [](const auto&, const auto& t) { return number(t.cpu.steal_s); }},
    column{"foreign_s", [](const auto&, const auto& t) { return number(t.cpu.foreign_s); }},
    column{"blocked_fraction",
           [](const auto&, const auto& t) { return number(t.front_end.blocked_fraction); }},
    column{"peak_memory_bytes", figure<metric::memory>},
    column{"due", [](const auto&, const auto& t) { return number(t.outcomes.due); }},
    column{"ok", [](const auto&, const auto& t) { return number(t.outcomes.ok); }},
    column{"error", [](const auto&, const auto& t) { return number(t.outcomes.error); }},
    column{"crashed", [](const auto&, const auto& t) { return number(t.outcomes.crashed); }},
    column{"timed_out", [](const auto&, const auto& t) { return number(t.outcomes.timed_out); }},
    column{"cancelled", [](const auto&, const auto& t) { return number(t.outcomes.cancelled); }},
    column{"rejected", [](const auto&, const auto& t) { return number(t.outcomes.rejected); }},
    column{"unserved", [](const auto&, const auto& t) { return number(t.outcomes.unserved); }},
};

}  // namespace

std::string csv_of_trials(const study_results& results) {
    std::string all = "study";
    for (const column& c : table_columns) {
        all += fmt::format(",{}", c.name);
    }
    all += "\r\n";
    for (const cell_result& cell : results.cells) {
        for (const trial_record& trial : cell.trials) {
            all += text(results.info.id);
            for (const column& c : table_columns) {
                all += fmt::format(",{}", c.of(cell, trial));
            }
            all += "\r\n";
        }
    }
    return all;
}

}  // namespace stratbench
