#pragma once

#include <type_traits>

#include "harness/json/json_archive.hpp"
#include "harness/model/plan.hpp"

namespace stratbench {

template <>
inline constexpr std::array<std::string_view, 8> names_of<load_plan::shape>{
    "batch", "poisson", "constant", "trickle", "producer", "closed", "burst", "trace"};

void fields(auto& archive, like<trace_plan> auto& trace) {
    archive("file", trace.file);
    archive("speed", trace.speed);
    archive("hash", trace.hash);
}

void fields(auto& archive, like<load_plan> auto& load) {
    archive("kind", load.kind);
    archive("text", load.text);
    archive("tasks", load.tasks);
    archive("rate_per_s", load.rate_per_s);
    archive("every_ns", load.every_ns);
    archive("queue", load.queue);
    archive("outstanding", load.outstanding);
    archive("burst", load.burst);
    archive("trace", load.trace);
    if constexpr (!std::is_const_v<std::remove_reference_t<decltype(load)>>) {
        load.own_rate = has_rate_in(load, own_rate_unit);
    }
}

void fields(auto& archive, like<containment> auto& limits) {
    archive("task_timeout_ns", limits.task_timeout_ns);
    archive("retries", limits.retries);
    archive("max_tasks_per_worker", limits.max_tasks_per_worker);
    archive("worker_memory_bytes", limits.worker_memory_bytes);
}

void fields(auto& archive, like<cell> auto& c) {
    archive("index", c.index);
    archive("strategy", c.strategy);
    archive("workload", c.workload);
    archive.unless_default("workload_version", c.workload_version, 1);
    archive("load", c.load);
    archive("workers", c.workers);
    archive("cpus", c.cpus);
    archive("window_ns", c.window_ns);
    archive.unless_default("lead_in_ns", c.lead_in_ns);
    archive("serial_ns", c.serial_ns);
    archive("stamp_one_in", c.stamp_one_in);
    archive.unless_default("containment", c.limits);
    archive.unless_default("cancel_pending", c.cancel_pending);
    archive("skip_reason", c.skip_reason);
    archive("reference", c.reference);
    archive("group_workload", c.group_workload);
    archive("group_workers", c.group_workers);
    archive("repeated", c.repeated);
}

void fields(auto& archive, like<detail_plan> auto& detail) {
    archive("tasks", detail.tasks);
    archive("timeline", detail.timeline);
}

void fields(auto& archive, like<study_plan> auto& plan) {
    archive("scenario", plan.scenario);
    archive("rounds", plan.rounds);
    archive.unless_default("generations", plan.generations);
    archive.unless_default("tie", plan.tie, 0.03);
    archive("precision", plan.precision);
    archive("budget_ns", plan.budget_ns);
    archive("seed", plan.seed);
    archive("warm_up_ns", plan.warm_up_ns);
    archive("detail", plan.detail);
    archive("cells", plan.cells);
}

}  // namespace stratbench
