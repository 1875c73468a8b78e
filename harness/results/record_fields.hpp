#pragma once

#include "harness/json/json_archive.hpp"
#include "harness/model/trial_record.hpp"

namespace stratbench {

template <>
inline constexpr std::array<std::string_view, 3> names_of<status>{"ok", "skipped", "failed"};

void fields(auto& archive, like<outcome_counts> auto& counts) {
    archive("due", counts.due);
    archive("accepted", counts.accepted);
    archive("rejected", counts.rejected);
    archive("unserved", counts.unserved);
    archive("ok", counts.ok);
    archive("error", counts.error);
    archive("crashed", counts.crashed);
    archive("timed_out", counts.timed_out);
    archive("cancelled", counts.cancelled);
}

void fields(auto& archive, like<containment_figures> auto& contained) {
    archive("retries", contained.retries);
    archive("workers_replaced", contained.workers_replaced);
}

void fields(auto& archive, like<distribution> auto& d) {
    archive("count", d.count);
    archive("censored", d.censored);
    archive("censored_from", d.censored_from);
    archive("mean", d.mean);
    archive("p50", d.p50);
    archive("p90", d.p90);
    archive("p99", d.p99);
    archive("p999", d.p999);
    archive("max", d.max);
    archive("histogram_v2", d.histogram_v2);
}

void fields(auto& archive, like<phase_means> auto& phases) {
    archive("waiting", phases.waiting);
    archive("dispatch", phases.dispatch);
    archive("service", phases.service);
    archive("return", phases.back);
}

void fields(auto& archive, like<cpu_sample> auto& sample) {
    archive("at_ns", sample.at_ns);
    archive("busy_cores", sample.busy_cores);
    archive("steal_cores", sample.steal_cores);
}

void fields(auto& archive, like<kernel_counts> auto& kernel) {
    archive("voluntary_switches", kernel.voluntary_switches);
    archive("involuntary_switches", kernel.involuntary_switches);
    archive("minor_faults", kernel.minor_faults);
    archive("major_faults", kernel.major_faults);
    archive("migrations", kernel.migrations);
}

void fields(auto& archive, like<hardware_counts> auto& hardware) {
    archive("cycles", hardware.cycles);
    archive("instructions", hardware.instructions);
    archive("cache_misses", hardware.cache_misses);
    archive("branch_misses", hardware.branch_misses);
}

void fields(auto& archive, like<cpu_figures> auto& cpu) {
    archive("mean_busy_cores", cpu.mean_busy_cores);
    archive("user_s", cpu.user_s);
    archive("system_s", cpu.system_s);
    archive("serial_task_ns", cpu.serial_task_ns);
    archive("efficiency", cpu.efficiency);
    archive("pacing_spin_s", cpu.pacing_spin_s);
    archive("steal_s", cpu.steal_s);
    archive("foreign_s", cpu.foreign_s);
    archive("throttled_periods", cpu.throttled_periods);
    archive("throttled_s", cpu.throttled_s);
    archive("kernel", cpu.kernel);
    archive("hardware", cpu.hardware);
    archive("energy_j", cpu.energy_j);
    archive("series", cpu.series);
}

void fields(auto& archive, like<lag_figures> auto& lag) {
    archive("beats", lag.beats);
    archive("p50_ns", lag.p50_ns);
    archive("p99_ns", lag.p99_ns);
    archive("max_ns", lag.max_ns);
}

void fields(auto& archive, like<front_end_figures> auto& front_end) {
    archive("blocked_fraction", front_end.blocked_fraction);
    archive("longest_stall_ns", front_end.longest_stall_ns);
    archive("accepting_ns", front_end.accepting_ns);
    archive("back_pressure_ns", front_end.back_pressure_ns);
    archive("pacing_p50_ns", front_end.pacing_p50_ns);
    archive("pacing_p90_ns", front_end.pacing_p90_ns);
    archive("pacing_p99_ns", front_end.pacing_p99_ns);
    archive("loop_lag", front_end.loop_lag);
}

void fields(auto& archive, like<loop_beat> auto& beat) {
    archive("at_ns", beat.at_ns);
    archive("lag_ns", beat.lag_ns);
}

void fields(auto& archive, like<task_trace> auto& task) {
    archive("id", task.id);
    archive("n", task.n);
    archive("due_ns", task.due_ns);
    archive("accepted_ns", task.accepted_ns);
    archive("started_ns", task.started_ns);
    archive("finished_ns", task.finished_ns);
    archive("completed_ns", task.completed_ns);
    archive("outcome", task.outcome);
    archive("value", task.value);
}

void fields(auto& archive, like<slice_record> auto& slice) {
    archive("round", slice.round);
    archive("throughput_per_s", slice.throughput_per_s);
    archive("p50_ns", slice.p50_ns);
    archive("p90_ns", slice.p90_ns);
    archive("p99_ns", slice.p99_ns);
    archive("service_ns", slice.service_ns);
    archive.unless_default("labels", slice.labels);
}

void fields(auto& archive, like<trial_record> auto& trial) {
    archive("round", trial.round);
    archive("status", trial.state);
    archive("reason", trial.reason);
    archive("labels", trial.labels);
    archive("startup_ns", trial.startup_ns);
    archive("elapsed_ns", trial.elapsed_ns);
    archive("window_ns", trial.window_ns);
    archive("throughput_per_s", trial.throughput_per_s);
    archive("asked_per_s", trial.asked_per_s);
    archive("offered_per_s", trial.offered_per_s);
    archive("queue_growth_per_s", trial.queue_growth_per_s);
    archive.either("latency_ns", trial.latency, trial.latency_absent);
    archive("service_ns", trial.service);
    archive("phases_ns", trial.phases);
    archive("cpu", trial.cpu);
    archive("front_end", trial.front_end);
    archive("outcomes", trial.outcomes);
    archive.unless_default("containment", trial.contained);
    archive("peak_memory_bytes", trial.peak_memory_bytes);
    archive("peak_processes", trial.peak_processes);
    archive("peak_threads", trial.peak_threads);
    archive("peak_descriptors", trial.peak_descriptors);
    archive("processes_made", trial.processes_made);
    archive("timer_real_s", trial.timer_real_s);
    archive("heartbeats", trial.heartbeats);
    archive("tasks", trial.tasks);
    archive.unless_default("slices", trial.slices);
}

}  // namespace stratbench
