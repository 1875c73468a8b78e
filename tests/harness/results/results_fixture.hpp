#pragma once

#include "harness/judge/summarise.hpp"
#include "tests/harness/judge/ranking_fixture.hpp"

namespace stratbench::fixture {

/// A trial whose every field differs from its default, so that a field that is forgotten on the way
/// to the file or back shows.
inline trial_record full_trial(int round) {
    trial_record record = with_latency(trial(round, 1234.5), 1000, 1500);
    record.labels = {"steal", "oversubscribed"};
    record.startup_ns = 11;
    record.window_ns = 12;
    record.asked_per_s = 500.25;
    record.offered_per_s = 499.75;
    record.queue_growth_per_s = 12.5;
    record.latency->censored = 3;
    record.latency->censored_from = 99e6;
    record.latency->p999 = 2000.125;
    record.service = record.latency;
    record.service->p50 = 700;
    record.phases = phase_means{1.5, 2.5, 3.5, 4.5};
    record.cpu.user_s = 0.5;
    record.cpu.system_s = 1.75;
    record.cpu.mean_busy_cores = 1.5;
    record.cpu.serial_task_ns = 1000.25;
    record.cpu.efficiency = 0.875;
    record.cpu.pacing_spin_s = 0.0625;
    record.cpu.steal_s = 0.03125;
    record.cpu.foreign_s = 0.125;
    record.cpu.throttled_periods = 3;
    record.cpu.throttled_s = 0.375;
    record.cpu.kernel = {11, 12, 13, 14, 15};
    record.cpu.hardware = {1000, 2000, 16, 17};
    record.cpu.energy_j = 2.5;
    record.cpu.series = {{10, 1.25, 0.5}, {20, 1.5, 0.25}};
    record.front_end = {0.25, 21, 22, 23, 0.1, 0.2, 0.3, lag_figures{4, 1.5, 2.5, 3.5}};
    record.outcomes = {45, 42, 2, 1, 30, 1, 2, 4, 5};
    record.contained = {3, 4};
    record.peak_memory_bytes = 1 << 30;
    record.peak_processes = 5;
    record.peak_threads = 9;
    record.peak_descriptors = 25;
    record.processes_made = 6;
    record.heartbeats = {{100, 7}, {200, 8}};
    record.tasks = {{1, 300'000, 0, 10, 20, 30, 40, "ok", "123.4567"},
                    {2, 300'000, 5, -1, -1, -1, -1, "unserved", ""}};
    record.timer_real_s = 1.0625;
    return record;
}

/// A study with an open, a batch, a failed and a skipped cell, every field set.
inline study_results full_study() {
    cell_result open = cell_of("async", {}, load_plan::shape::poisson);
    for (int round = 0; round < 3; ++round) {
        open.trials.push_back(full_trial(round));
    }
    open.labels = {"steal"};
    open.planned.load = {load_plan::shape::poisson,
                         "poisson:500/s",
                         7,
                         500.5,
                         8,
                         9,
                         10,
                         11,
                         trace_plan{"/traces/a.csv", 2.5, "00000000000000ff"}};
    open.planned.window_ns = 1'000'000'000;
    open.planned.serial_ns = 1000.5;
    open.planned.stamp_one_in = 4;
    open.planned.reference = open.planned.repeated = true;
    open.planned.group_workload = "noop";
    open.planned.group_workers = 2;
    open.planned.limits = {50'000'000, 2, 1000, 512U << 20};
    open.planned.cancel_pending = true;
    open.planned.workload_version = 2;
    open.summary = summarise(open.planned, open.trials);

    cell_result batch = batch_cell("sync", {100, 110, 105});
    batch.trials[1].state = status::failed;
    batch.trials[1].reason = "2 tasks missing";
    batch.summary = summarise(batch.planned, batch.trials);

    cell_result failed = cell_of("broken", {});
    failed.state = status::failed;
    failed.reason = "every trial failed";
    cell_result skipped = cell_of("senseless", {});
    skipped.state = status::skipped;
    skipped.reason = skipped.planned.skip_reason = "one worker only";

    study_results study = study_of({open, batch, failed, skipped});
    study.info = {"id-1", 18'000'000'000'000'000'000U, "stratbench run", "2024-01-01T00:00:00Z",
                  12.5,   study_end::precision};
    study.info.confirmation_from_round = 2;
    study.info.arm = study_arm::candidate;
    study.plan.rounds = 3;
    study.plan.precision = 0.0625;
    study.plan.budget_ns = 7;
    study.plan.seed = 5;
    study.plan.warm_up_ns = 6;
    study.plan.detail = {true, true};
    study.plan.scenario = "default";
    environment& machine = study.machine;
    machine.host = "host";
    machine.cpu_model = "cpu";
    machine.kernel = "6.1";
    machine.governor = "performance";
    machine.compiler = "GCC 12";
    machine.compiler_flags = "-O3";
    machine.build_type = "release";
    machine.git_revision = "abc";
    machine.library_version = "1.7.1";
    machine.online_cpus = 8;
    machine.usable_cpus = 4;
    machine.cgroup_cpu_limit = 3.5;
    machine.cgroup_memory_limit_bytes = 1 << 20;
    machine.clock_ns = 20.5;
    machine.stamp_ns = 40.5;
    machine.hand_over_ns = 60.5;
    machine.hardware_absent = "no counters here";
    machine.migrations_absent = "not counted";
    machine.energy_absent = "no meter";
    machine.wake_up_error_ns = 60'000;
    machine.benchmark_context = "{\n  \"num_cpus\": 8,\n  \"caches\": []\n}";
    study.warnings = {{"steal", "12 % of the CPU time was stolen", "measure elsewhere"}};
    return study;
}

}  // namespace stratbench::fixture
