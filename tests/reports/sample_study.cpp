#include "tests/reports/sample_study.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <string_view>

#include "harness/judge/summarise.hpp"
#include "harness/model/labels.hpp"
#include "harness/stats/histogram/histogram.hpp"

namespace stratbench {
namespace {

struct architecture {
    const char* name;
    double cost_ns;  ///< per task beside the work
    int cores;       ///< that it keeps busy under a batch
    double startup_ns;
    double memory_mib;
    double processes;
};

constexpr architecture architectures[] = {
    {"sync", 40, 1, 2e3, 3.1, 1},
    {"pool_map", 700, 2, 1.9e6, 9.4, 4},
    {"apply_async", 1900, 2, 2.0e6, 9.6, 4},
    {"async_process_pool", 3100, 2, 2.4e6, 10.2, 4},
    {"async_thread_pool", 2300, 2, 1.8e5, 4.6, 1},
    {"process_per_task", 310e3, 2, 9e5, 11.8, 5},
};

class sampler {
  public:
    study_results make() {
        study_results study;
        study.info = {"3f6c2a91b07d",
                      42,
                      "stratbench run --rounds 5 --out results.json",
                      "2024-05-14T09:26:53Z",
                      41.7,
                      study_end::rounds,
                      {}};
        study.plan.rounds = 5;
        study.plan.seed = 42;
        environment& m = study.machine;
        m.host = "bench-02";
        m.cpu_model = "Example CPU @ 2.50GHz";
        m.kernel = "Linux 6.1.0";
        m.governor = "performance";
        m.compiler = "GCC 12.2.0";
        m.compiler_flags = "-O3 -DNDEBUG";
        m.build_type = "Release";
        m.git_revision = "0123abc";
        m.library_version = "1.7.1";
        m.online_cpus = m.usable_cpus = 2;
        m.cgroup_cpu_limit = 2;
        m.clock_ns = 24;
        m.stamp_ns = 55;
        m.hand_over_ns = 90;
        m.wake_up_error_ns = 61'000;
        m.hardware_absent = "this machine offers no hardware counters (ENOENT)";
        m.energy_absent = "no RAPL domain in /sys/class/powercap";
        m.benchmark_context = R"({"date":"2024-05-14T09:26:53+00:00","caches":[]})";
        study.warnings.push_back(
            make_warning(warning_code::steal, "the hypervisor took 2.1 % of the CPUs"));

        for (const double work_ns : {1.04e6, 21e3}) {
            for (const bool open : {false, true}) {
                for (const architecture& a : architectures) {
                    add(study, a, work_ns, open);
                }
                add_reference(study, work_ns, open);
            }
        }
        cell_result& skipped = study.cells[5];
        skipped.state = status::skipped;
        skipped.reason = "a process for each of 1,920 tasks is left out of --quick";
        skipped.trials.clear();
        skipped.labels.clear();
        skipped.summary = {};
        cell_result& failed = study.cells[11];
        failed.state = status::failed;
        failed.reason = "3 tasks missing after 2.5 s: 118, 119, 240";
        failed.trials.clear();
        failed.labels.clear();
        failed.summary = {};
        for (cell_result& c : study.cells) {
            study.plan.cells.push_back(c.planned);
        }
        return study;
    }

  private:
    double scatter(double relative) {
        return std::exp(std::normal_distribution<double>(0, relative)(random_));
    }

    cell plan_of(const study_results& study, const architecture& a, double work_ns, bool open) {
        cell c;
        c.index = static_cast<int>(study.cells.size());
        c.strategy = a.name;
        c.workload = work_ns > 1e5 ? "sqrt_log:n=300000" : "sqrt_log:n=6000";
        c.cpus = 2;
        c.workers = c.strategy == "sync" ? 1 : 2;
        c.group_workers = 2;
        c.window_ns = 400'000'000;
        c.serial_ns = work_ns;
        if (open) {
            c.load.kind = load_plan::shape::poisson;
            c.load.text = "poisson:80%sync";
            c.load.rate_per_s = 0.8e9 / work_ns;
            c.stamp_one_in = work_ns > 1e5 ? 1 : 16;
        } else {
            c.load.kind = load_plan::shape::batch;
            c.load.tasks = work_ns > 1e5 ? 1920 : 40'000;
            c.load.text = fmt::format("batch:{}", c.load.tasks);
        }
        return c;
    }

    trial_record trial(const cell& c, const architecture& a, int round) {
        const double work = c.serial_ns * scatter(0.006);
        const double each = work + a.cost_ns;
        const double possible = a.cores * 1e9 / each;
        trial_record t;
        t.round = round;
        t.startup_ns = std::llround(a.startup_ns * scatter(0.08));
        double busy;
        std::uint64_t tasks;
        if (c.load.open()) {
            const double rate = c.load.rate_per_s * scatter(0.01);
            const bool saturated = rate > possible;
            tasks = static_cast<std::uint64_t>(rate * 0.4);
            t.window_ns = t.elapsed_ns = c.window_ns;
            t.asked_per_s = c.load.rate_per_s;
            t.offered_per_s = rate;
            t.throughput_per_s = std::min(rate, possible);
            const double load = std::min(0.97, rate / possible);
            busy = std::min<double>(a.cores, rate * each / 1e9) + 0.05;
            const double served = static_cast<double>(tasks) * t.throughput_per_s / rate;
            latency(t, each, load, saturated, tasks, static_cast<std::uint64_t>(served));
            t.phases = phase_means{
                a.name == std::string("sync") ? each * 1.7 : 900 * scatter(0.1),
                a.name == std::string("sync") ? 60 : a.cost_ns * 0.6 + work * load * 0.3, work,
                a.cost_ns * 0.3};
            if (saturated) {
                t.labels.emplace_back(label::saturated);
                t.phases->waiting = each * 40;
            }
        } else {
            tasks = c.load.tasks;
            t.throughput_per_s = possible;
            t.elapsed_ns = t.window_ns = std::llround(static_cast<double>(tasks) / possible * 1e9);
            t.latency_absent = "in a batch every task is due at the start: see makespan and phases";
            busy = 0.985 * a.cores;
            t.phases = phase_means{static_cast<double>(t.elapsed_ns) * (a.cores == 1 ? 0.5 : 0.02),
                                   static_cast<double>(t.elapsed_ns) * (a.cores == 1 ? 0.0 : 0.47),
                                   work, a.cost_ns * 0.3};
        }
        t.outcomes.due = tasks;
        t.outcomes.ok = t.outcomes.accepted = t.latency ? tasks - t.latency->censored : tasks;
        t.outcomes.unserved = tasks - t.outcomes.ok;
        const double elapsed_s = static_cast<double>(t.elapsed_ns) / 1e9;
        t.cpu.user_s = busy * elapsed_s * 0.94;
        t.cpu.system_s = busy * elapsed_s * 0.06;
        t.cpu.mean_busy_cores = busy;
        t.cpu.serial_task_ns = c.serial_ns;
        t.cpu.efficiency =
            static_cast<double>(t.outcomes.ok) * c.serial_ns / 1e9 / (busy * elapsed_s);
        for (std::int64_t at = 10'000'000; at <= t.elapsed_ns; at += 10'000'000) {
            t.cpu.series.push_back({at, std::min(2.0, busy * scatter(0.05)),
                                    round == 3 ? 0.15 * scatter(0.5) : 0.01 * scatter(0.5)});
        }
        t.labels.emplace_back(label::sampled_stamps);
        if (round == 3) {
            t.labels.emplace_back(label::steal);
        }
        t.peak_memory_bytes = static_cast<std::uint64_t>(a.memory_mib * 1048576 * scatter(0.01));
        count_in_the_tree(t, c, a);
        t.timer_real_s = elapsed_s;
        return t;
    }

    /// What the kernel and the front end have to tell.
    void count_in_the_tree(trial_record& t, const cell& c, const architecture& a) {
        const auto some = [&](double per_task) {
            return static_cast<std::uint64_t>(per_task * static_cast<double>(t.outcomes.ok) *
                                              scatter(0.05));
        };
        const bool alone = c.strategy == "sync";
        t.cpu.kernel.voluntary_switches = some(alone ? 0.001 : 1.9);
        t.cpu.kernel.involuntary_switches = some(0.002);
        t.cpu.kernel.minor_faults = some(c.strategy == "process_per_task" ? 112 : 0.01);
        t.cpu.kernel.migrations = some(alone ? 0.0001 : 0.02);
        t.peak_processes = static_cast<int>(a.processes);
        t.peak_threads = t.peak_processes + (c.strategy == "async_thread_pool" ? 2 : 1);
        t.peak_descriptors = 14 + 2 * t.peak_processes;
        if (c.load.open()) {
            const bool blocks = alone || c.strategy == "pool_map";
            t.front_end.blocked_fraction = blocks ? 0.62 * scatter(0.05) : 0.004 * scatter(0.3);
            t.front_end.longest_stall_ns = std::llround((blocks ? 9e6 : 3e5) * scatter(0.2));
            t.front_end.pacing_p50_ns = 120 * scatter(0.1);
            t.front_end.pacing_p90_ns = 14e3 * scatter(0.1);
            t.front_end.pacing_p99_ns = 90e3 * scatter(0.2);
        }
        if (std::string_view(c.strategy).starts_with("async_")) {
            t.front_end.loop_lag = lag_figures{40, 6e4, 2e5, 4e5 * scatter(0.2)};
        }
        if (!t.labels.empty() && t.labels.front() == label::saturated) {
            t.labels.emplace_back(label::rate_not_held);
            t.queue_growth_per_s = *t.offered_per_s - t.throughput_per_s;
            t.offered_per_s = t.throughput_per_s;
        }
    }

    /// Service times and an exponential wait; what was not served is a bound at the window's
    /// length.
    void latency(trial_record& t, double each, double load, bool saturated, std::uint64_t tasks,
                 std::uint64_t served) {
        histogram all, service;
        std::exponential_distribution<double> wait(1.0);
        for (std::uint64_t i = 0; i < tasks; ++i) {
            const bool bound = saturated && i >= served;
            const double growth = saturated ? static_cast<double>(i) * each * 0.2 : 0;
            const double ns = each * scatter(0.02) + growth +
                              each * 0.5 * wait(random_) * load / (1 - std::min(load, 0.95));
            all.record(bound ? 400'000'000 : std::min<std::int64_t>(390'000'000, std::llround(ns)));
            service.record(std::llround(each * scatter(0.01)));
        }
        t.latency = distribution_of(all);
        t.service = distribution_of(service);
        if (saturated && served < tasks) {
            t.latency->censored = tasks - served;
            t.latency->censored_from = 400e6;
        }
    }

    static distribution distribution_of(const histogram& h) {
        const auto at = [&](double percent) {
            return static_cast<double>(h.value_at_percentile(percent));
        };
        return {h.count(), 0,  h.mean(),  static_cast<double>(h.max()), at(50), at(90), at(99),
                at(99.9),  {}, h.encode()};
    }

    void add(study_results& study, const architecture& a, double work_ns, bool open) {
        cell_result result;
        result.planned = plan_of(study, a, work_ns, open);
        measure(study, std::move(result), a);
    }

    void add_reference(study_results& study, double work_ns, bool open) {
        architecture simd = architectures[0];
        cell_result result;
        result.planned = plan_of(study, simd, work_ns, open);
        result.planned.group_workload = result.planned.workload;
        result.planned.workload.insert(result.planned.workload.find(':'), "_simd");
        result.planned.serial_ns /= 3.4;
        result.planned.reference = true;
        measure(study, std::move(result), simd);
    }

    void measure(study_results& study, cell_result result, const architecture& a) {
        for (int round = 0; round < 5; ++round) {
            result.trials.push_back(trial(result.planned, a, round));
            for (const std::string& l : result.trials.back().labels) {
                if (std::find(result.labels.begin(), result.labels.end(), l) ==
                    result.labels.end()) {
                    result.labels.push_back(l);
                }
            }
        }
        result.summary = summarise(result.planned, result.trials);
        study.cells.push_back(std::move(result));
    }

    std::mt19937_64 random_{42};
};

}  // namespace

study_results sample_study() {
    return sampler().make();
}

study_results slower_study() {
    study_results study = sample_study();
    for (cell_result& cell : study.cells) {
        for (trial_record& trial : cell.trials) {
            trial.throughput_per_s /= 2;
        }
        cell.summary = summarise(cell.planned, cell.trials);
    }
    return study;
}

study_results sample_scenario() {
    study_results study;
    study.info.id = "77aa01c4e5d2";
    study.info.command = "stratbench run --scenario with_and_without_processes";
    study.plan.scenario = "with_and_without_processes";
    study.plan.detail = {true, true};
    study.machine.online_cpus = study.machine.usable_cpus = 2;
    for (const char* name : {"process_per_task", "async_inline"}) {
        const bool blocks = name == std::string("async_inline");
        cell_result c;
        c.planned.index = static_cast<int>(study.cells.size());
        c.planned.strategy = name;
        c.planned.workload = "sqrt_log:n=50000,wait=500ms";
        c.planned.load.text = "batch:6";
        c.planned.load.tasks = 6;
        c.planned.workers = 4;
        c.planned.cpus = 2;
        c.planned.limits = {.task_timeout_ns = 5'000'000'000,
                            .retries = 1,
                            .max_tasks_per_worker = 0,
                            .worker_memory_bytes = 0};
        trial_record t;
        t.contained = {.retries = 1, .workers_replaced = 1};
        t.elapsed_ns = t.window_ns = 1'200'000'000;
        t.throughput_per_s = 5;
        t.latency_absent = "in a batch every task is due at the start: see makespan and phases";
        t.outcomes.due = t.outcomes.accepted = t.outcomes.ok = 6;
        for (std::uint64_t i = 0; i < 6; ++i) {
            const auto k = static_cast<std::int64_t>(i);
            const std::int64_t start = blocks ? k * 120'000'000 : 400'000 + k * 90'000;
            t.tasks.push_back({i, 50'000 + 10'000 * k, 0, start, start + 200'000,
                               start + 110'000'000, start + 110'400'000, "ok",
                               fmt::format("{}.1251", 5'050'506 + k)});
        }
        for (std::int64_t at = 50'000'000; at <= t.elapsed_ns; at += 50'000'000) {
            t.heartbeats.push_back({at, blocks && at < 700'000'000 ? 720'000'000 - at : 90'000});
            t.cpu.series.push_back({at, at < 700'000'000 ? (blocks ? 1.0 : 1.96) : 0.02, 0});
        }
        c.trials.push_back(std::move(t));
        c.summary = summarise(c.planned, c.trials);
        study.plan.cells.push_back(c.planned);
        study.cells.push_back(std::move(c));
    }
    return study;
}

study_results hostile_study() {
    const std::string hostile =
        "</script><script>alert(1)</script><!--<script>{{style}}\"'><img src=x onerror=alert(2)>"
        "\x1b]0;title\x07\xff";
    study_results study = sample_study();
    study.info.id = study.info.command = study.info.started_utc = hostile;
    study.plan.scenario = hostile;
    study.machine.cpu_model = study.machine.host = hostile;
    study.warnings.push_back({"steal", hostile, hostile});
    study.machine.hardware_absent = study.machine.energy_absent = hostile;
    for (cell_result& c : study.cells) {
        c.planned.strategy += hostile;
        c.planned.workload += hostile;
        if (!c.planned.group_workload.empty()) {
            c.planned.group_workload += hostile;
        }
        c.planned.load.text += hostile;
        c.labels.push_back(hostile);
        if (!c.reason.empty()) {
            c.reason += hostile;
        }
        c.summary.latency_absent += hostile;
    }
    return study;
}

}  // namespace stratbench
