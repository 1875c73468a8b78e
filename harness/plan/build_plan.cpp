#include "harness/plan/build_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <regex>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/base/spec.hpp"
#include "harness/load/load_spec.hpp"
#include "harness/measure/usable_cpus.hpp"
#include "harness/plan/cell_expansion.hpp"
#include "harness/plan/default_study.hpp"
#include "harness/plan/slices.hpp"
#include "harness/plan/stopping.hpp"
#include "strategies/registry.hpp"

namespace stratbench {
namespace {

/// Once for each trial; every slice has a lead-in as well.
constexpr std::int64_t default_warm_up_ns = 20'000'000;

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

/// Throws usage_error where one slice of a cell would keep a machine busy for a day.
void require_ends(const study_plan& plan) {
    constexpr double longest_ns = 24 * 3'600e9;
    for (const cell& c : plan.cells) {
        const double slice_ns = expected_slice_ns(c);
        if (c.skip_reason.empty() && slice_ns > longest_ns) {
            throw usage_error(fmt::format(
                "{}: one slice would take about {:.3g} days, a task alone {:.3g} s; accepted is at "
                "most one day",
                c.name(), slice_ns / longest_ns, c.serial_ns * 1e-9));
        }
    }
}

/// Of all cells, those that the filter has left out among them.
struct expansion_facts {
    /// The trial length changes any of them.
    bool takes_length;
    /// Strategies are compared.
    bool compares;
};

/// Throws usage_error where something was asked for that changes nothing.
void require_effect(const run_request& request, const study_plan& plan,
                    const expansion_facts& before_filter) {
    const auto any = [&](auto has_it) { return std::ranges::any_of(plan.cells, has_it); };
    if (!any([](const cell& c) { return c.skip_reason.empty(); })) {
        return;  // each says itself why not
    }
    const auto refuse = [](std::string_view option, std::string_view why) {
        throw usage_error(fmt::format("{} has no effect here: {}", option, why));
    };
    if (request.trial_length_ns && !before_filter.takes_length) {
        refuse("--trial-length", "all loads of these bring their own times or size");
    }
    if (request.cancel_pending && !any([](const cell& c) { return c.load.ends_with_window(); })) {
        refuse("--cancel-pending", "no load of these ends with a window, as poisson and closed do");
    }
    if (request.tie && !before_filter.compares) {
        refuse("--tie", "one strategy ties with no other");
    }
    if (any([](const cell& c) {
            return find_strategy(parse_spec(c.strategy, "strategy").name)
                .properties.isolates_crashes;
        })) {
        return;
    }
    constexpr const char* no_processes = "no strategy of these has worker processes";
    if (request.limits.retries > 0) {
        refuse("--retries", no_processes);
    }
    if (request.limits.max_tasks_per_worker > 0) {
        refuse("--max-tasks-per-worker", no_processes);
    }
    if (request.limits.worker_memory_bytes > 0) {
        refuse("--worker-memory", no_processes);
    }
}

}  // namespace

bool depends_on_speed_of_sync(const run_request& request) {
    const auto all = request.combinations.empty() ? default_study() : request.combinations;
    return std::ranges::any_of(all, [](const combination& c) {
        return std::ranges::any_of(
            c.loads.empty() ? default_loads() : c.loads,
            [](const std::string& load) { return parse_load(load).of_sync > 0; });
    });
}

study_plan build_plan(const run_request& request, const cost_meter& cost,
                      const capacity_meter& own) {
    const int usable = usable_cpus();
    const int cpus = request.cpus.value_or(usable);
    if (cpus < 1 || cpus > usable) {
        throw usage_error(
            fmt::format("cpus {}: accepted are 1 to {} (CPUs usable here)", cpus, usable));
    }
    study_plan plan;
    settle(plan, request.stopping, request.quick);
    plan.tie = request.tie.value_or(plan.tie);
    plan.seed = request.seed.value_or(0);
    plan.warm_up_ns = request.warm_up_ns.value_or(default_warm_up_ns);
    plan.detail = request.detail;
    plan.scenario = request.scenario;

    cell_expansion expansion(request, cpus, cost);
    for (const auto& c : request.combinations.empty() ? default_study() : request.combinations) {
        expansion.add(c);
    }
    std::vector<resolved_cell> cells = expansion.cells();
    const auto any = [&](auto has_it) { return std::ranges::any_of(cells, has_it); };
    const expansion_facts before_filter{
        .takes_length = any([](const resolved_cell& c) { return takes_trial_length(c.load); }),
        .compares = any([&](const resolved_cell& c) {
            return c.planned.strategy != cells.front().planned.strategy;
        })};
    apply_filter(cells, request.filter);
    if (own) {
        resolve_own_rates(cells, expansion, own);
    }
    for (resolved_cell& c : cells) {
        c.planned.index = static_cast<int>(plan.cells.size());
        plan.cells.push_back(std::move(c.planned));
    }
    if (!cost) {
        return plan;
    }
    require_ends(plan);
    require_effect(request, plan, before_filter);
    if (request.stopping.budget_ns > 0) {
        require_a_round(plan);
    }
    return plan;
}

}  // namespace stratbench
