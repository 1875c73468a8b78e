#include "harness/plan/cell_expansion.hpp"

#include <fmt/format.h>

#include <utility>

#include "harness/base/spec.hpp"
#include "harness/measure/usable_cpus.hpp"
#include "harness/plan/default_study.hpp"
#include "harness/plan/slices.hpp"
#include "strategies/registry.hpp"

namespace stratbench {
namespace {

/// A trial that makes processes for longer than this at the very least would be killed at its
/// deadline before it is done.
constexpr double longest_making_ns = 10e9;

void check_workers(int workers) {
    const worker_limit limit = most_workers();
    if (workers < 1 || workers > limit.workers) {
        throw usage_error(fmt::format("workers {}: accepted are 1 to {} ({})", workers,
                                      limit.workers, limit.name));
    }
}

/// Why nothing would stop the tasks of a cell from filling the machine's memory; empty where they
/// do not try, or a worker's limit stops them.
std::string unbounded_memory(const task& t, const strategy_properties& p, const containment& c) {
    const workload& w = *workloads()[t.workload];
    const std::uint64_t takes = w.memory_bytes == nullptr ? 0 : w.memory_bytes(t);
    if (takes == 0) {
        return "";
    }
    if (!p.isolates_crashes) {
        return "its tasks would fill the memory of the trial process: it has no worker processes";
    }
    if (c.worker_memory_bytes != 0 && c.worker_memory_bytes < takes) {
        return "";
    }
    return fmt::format("its tasks fill memory up to {}; give it a --worker-memory below that",
                       bytes_text(takes));
}

/// Why a cell makes no sense, or not on this machine; empty where it does.
std::string senseless(const cell& c, const task& first, const strategy_info& info) {
    const strategy_properties& p = info.properties;
    if (std::string why = info.why_unavailable(parse_spec(c.strategy, "strategy")); !why.empty()) {
        return why;
    }
    if (const workload& w = *workloads()[first.workload]; !info.executes(w)) {
        return fmt::format("it is a program of its own, which has no code for {}", w.name);
    }
    if (p.own_program && first.reply_bytes > 0) {
        return "it is a program of its own, which gives nothing back beside the values";
    }
    if (p.own_program && c.limits != containment{}) {
        return "it is a program of its own, which keeps no limits for tasks and workers";
    }
    if (std::string why = unbounded_memory(first, p, c.limits); !why.empty()) {
        return why;
    }
    const double least_ns =
        static_cast<double>(p.least_task_ns) * static_cast<double>(c.load.tasks);
    if (c.load.ends_with_window() || least_ns <= longest_making_ns) {
        return "";
    }
    return fmt::format(
        "{} tasks would keep it making processes for more than {:.0f} s; give it "
        "larger or fewer ones, as in batch:1000",
        c.load.tasks, least_ns * 1e-9);
}

}  // namespace

cell_expansion::cell_expansion(const run_request& request, int cpus, const cost_meter& meter)
    : resolver_(meter),
      detail_(request.detail),
      limits_(request.limits),
      cancel_pending_(request.cancel_pending),
      cpus_(cpus),
      trial_length_ns_(request.trial_length_ns) {}

void cell_expansion::add(const combination& c) {
    product p;
    const auto or_default = [](const auto& given, const auto& otherwise) {
        return given.empty() ? otherwise : given;
    };
    for (const auto& text : or_default(c.strategies, default_strategies())) {
        const spec s = parse_spec(text, "strategy");
        p.strategies.push_back({s.text(), &checked_strategy(s)});
    }
    for (const auto& text : or_default(c.workloads, default_workloads())) {
        p.workloads.push_back(&resolver_.resolve(text));
    }
    for (const auto& text : or_default(c.loads, default_loads())) {
        p.loads.push_back(parse_load(text));
    }
    p.workers = or_default(c.workers, std::vector{cpus_});
    for (const int w : p.workers) {
        check_workers(w);
    }
    if (!c.reference_for.empty()) {
        p.reference_for = &resolver_.resolve(c.reference_for);
    }
    products_.push_back(std::move(p));
}

std::vector<resolved_cell> cell_expansion::cells() {
    std::vector<resolved_cell> result;
    std::set<std::string> seen, names;
    const auto keep = [&](resolved_cell resolved) {
        cell& c = resolved.planned;
        if (!seen.insert(c.name() + c.group()).second) {
            return;  // asked for twice
        }
        c.repeated = !names.insert(c.name()).second;
        result.push_back(std::move(resolved));
    };
    for (const product& p : products_) {
        for (const resolved_workload* workload : p.workloads) {
            for (const load_request& load : p.loads) {
                for (const int workers : p.workers) {
                    for (const named_strategy& strategy : p.strategies) {
                        keep(resolved(p, strategy, *workload, load, workers));
                    }
                }
            }
        }
    }
    return result;
}

resolved_cell cell_expansion::resolved(const product& p, const named_strategy& strategy,
                                       const resolved_workload& workload, const load_request& load,
                                       int workers) {
    const bool in_caller = strategy.info->properties.in_caller;
    resolved_cell result{.strategy = strategy.info,
                         .workload = &workload,
                         .paced_by = p.reference_for != nullptr ? p.reference_for : &workload,
                         .load = load};
    cell& c = result.planned;
    c.strategy = strategy.text;
    c.workload = workload.text;
    c.workload_version = workloads()[workload.tasks.first.workload]->version;
    c.workers = in_caller ? 1 : workers;
    if (in_caller && workers != 1) {
        c.group_workers = workers;
    }
    c.cpus = cpus_;
    c.serial_ns = resolver_.serial_ns(workload);
    if (p.reference_for != nullptr) {
        c.reference = true;
        c.group_workload = p.reference_for->text;
    }
    c.limits = limits_;
    c.cancel_pending = cancel_pending_ && load.plan.ends_with_window();
    resolve_arrivals(result);
    return result;
}

void cell_expansion::resolve_arrivals(resolved_cell& of, double own_per_s) {
    cell& c = of.planned;
    load_basis basis = {
        .sync_ns = resolver_.serial_ns(*of.paced_by) + of.paced_by->tasks.first.wait_us * 1e3,
        .trial_length_ns = trial_length_ns_.value_or(window_slice_ns),
        .workers = c.group_workers == 0 ? c.workers : c.group_workers,
        .cpus = c.cpus,
        .serial_ns = c.serial_ns,
        .own_per_s = own_per_s};
    c.load = resolve_load(of.load, basis);
    if (!trial_length_ns_) {
        basis.trial_length_ns = slice_length_ns(c.load, basis);
        c.load = resolve_load(of.load, basis);
    }
    c.window_ns = window_ns(of.load, basis);
    c.lead_in_ns = lead_in_ns(c, basis);
    if (c.load.kind == load_plan::shape::closed) {
        basis.trial_length_ns += c.lead_in_ns;
        c.load = resolve_load(of.load, basis);
    }
    if (c.load.has_rate() && static_cast<double>(c.window_ns) < basis.sync_ns &&
        c.load.kind != load_plan::shape::trace) {
        throw usage_error(
            fmt::format("a window of {} is shorter than a task of {}, which takes {:.3g} ms: give "
                        "a --trial-length of several tasks",
                        duration_text(c.window_ns), c.workload, basis.sync_ns * 1e-6));
    }
    c.stamp_one_in = stamp_one_in(c, expected_tasks(c, basis), detail_.tasks);
    c.skip_reason = senseless(c, of.workload->tasks.first, *of.strategy);
}

}  // namespace stratbench
