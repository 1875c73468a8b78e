#include "harness/plan/build_plan.hpp"

#include <fmt/format.h>

#include <map>
#include <regex>
#include <utility>
#include <vector>

#include "harness/base/spec.hpp"
#include "harness/measure/usable_cpus.hpp"
#include "harness/plan/cell_expansion.hpp"
#include "harness/plan/default_study.hpp"
#include "harness/plan/stopping.hpp"

namespace stratbench {
namespace {

/// Once for each trial; every slice has a lead-in as well.
constexpr std::int64_t warm_up_ns = 20'000'000;

/// Keeps the cells whose names match; see run_request::filter.
void apply_filter(std::vector<resolved_cell>& cells, const std::string& filter) {
    if (filter.empty() || filter == "all") {
        return;
    }
    const bool negated = filter.front() == '-';
    std::regex expression;
    try {
        expression = std::regex(filter.substr(negated ? 1 : 0), std::regex::extended);
    } catch (const std::regex_error&) {
        throw usage_error(fmt::format("filter '{}' is not a regular expression", filter));
    }
    std::erase_if(cells, [&](const resolved_cell& c) {
        return std::regex_search(c.planned.name(), expression) == negated;
    });
    if (cells.empty()) {
        throw usage_error(
            fmt::format("filter '{}' leaves no cell; --benchmark_list_tests without "
                        "it shows the names",
                        filter));
    }
}

/// Gives rates to the cells whose rate is a part of what their own strategy can do.
void resolve_own_rates(std::vector<resolved_cell>& cells, cell_expansion& expansion,
                       const capacity_meter& meter) {
    std::map<std::string, capacity> known;
    for (resolved_cell& of : cells) {
        cell& c = of.planned;
        if (!c.load.has_rate() || c.load.rate_per_s > 0) {
            continue;
        }
        const auto key = fmt::format("{}/{}/{}", c.strategy, c.workload, c.workers);
        const auto [found, fresh] = known.try_emplace(key);
        if (fresh) {
            found->second = meter(c);
        }
        if (const capacity& can = found->second; can.reason.empty()) {
            expansion.resolve_arrivals(of, can.per_s);
        } else {
            c.skip_reason = fmt::format("what it can do was not measured: {}", can.reason);
        }
    }
}

}  // namespace

study_plan build_plan(const run_request& asked, const cost_meter& cost, const capacity_meter& own) {
    const int usable = usable_cpus();
    const int cpus = asked.cpus.value_or(usable);
    if (cpus < 1 || cpus > usable) {
        throw usage_error(
            fmt::format("cpus {}: accepted are 1 to {} (CPUs usable here)", cpus, usable));
    }
    study_plan plan;
    settle(plan, asked.stopping, asked.quick);
    plan.tie = asked.tie.value_or(plan.tie);
    plan.seed = asked.seed.value_or(0);
    plan.warm_up_ns = warm_up_ns;
    plan.detail = asked.detail;
    plan.scenario = asked.scenario;

    cell_expansion expansion(asked, cpus, cost);
    for (const auto& c : asked.combinations.empty() ? default_study() : asked.combinations) {
        expansion.add(c);
    }
    std::vector<resolved_cell> cells = expansion.cells();
    apply_filter(cells, asked.filter);
    if (own) {
        resolve_own_rates(cells, expansion, own);
    }
    for (resolved_cell& c : cells) {
        c.planned.index = static_cast<int>(plan.cells.size());
        plan.cells.push_back(std::move(c.planned));
    }
    if (asked.stopping.budget_ns > 0) {
        require_a_round(plan);
    }
    return plan;
}

}  // namespace stratbench
