#include "harness/trial/trial.hpp"

#include <fmt/format.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <optional>
#include <string>

#include "harness/measure/energy_meter.hpp"
#include "harness/measure/event_counters.hpp"
#include "harness/measure/machine_cpu.hpp"
#include "harness/measure/proc_files.hpp"
#include "harness/measure/process_tree.hpp"
#include "harness/measure/sampler.hpp"
#include "harness/plan/cgroup.hpp"
#include "harness/results/labels.hpp"
#include "harness/trial/analysis.hpp"
#include "harness/trial/benchmark_timer.hpp"
#include "harness/trial/event_stream.hpp"
#include "harness/trial/loop_lag.hpp"
#include "harness/trial/serial_cost.hpp"
#include "harness/trial/warm_up.hpp"
#include "harness/trial/window.hpp"
#include "strategies/engines/descriptor.hpp"
#include "strategies/engines/orphans.hpp"
#include "workloads/clock.hpp"
#include "workloads/hash.hpp"
#include "workloads/sleep.hpp"

namespace stratbench {
namespace {

/// Parts of a trial's CPUs that the hypervisor, or other programs, may take before its figures are
/// labelled; and how much CPU time is more than the kernel's ticks can make up.
constexpr double notable_steal_share = 0.05;
constexpr double notable_foreign_share = 0.10;
constexpr double beyond_ticks_s = 0.03;

/// Steps of a window's time series, and how long a step may be: the kernel brings the clock of a
/// process up to date at its ticks, every 4 ms or so, while the process runs.
constexpr std::int64_t series_steps = 40;
constexpr std::int64_t shortest_step_ns = 20'000'000;
constexpr std::int64_t longest_step_ns = 100'000'000;

/// Events are counted for tasks of at least this length: an inherited counter adds about 0.2 us to
/// every context switch, which would show in the figures of shorter ones (a tenth of a noop's).
constexpr double shortest_counted_ns = 100'000;

void confine_to_cpus(int count) {
    cpu_set_t usable;
    checked(::sched_getaffinity(0, sizeof usable, &usable), "cannot read the CPU affinity");
    cpu_set_t chosen;
    CPU_ZERO(&chosen);
    for (std::size_t cpu = 0; cpu < CPU_SETSIZE && CPU_COUNT(&chosen) < count; ++cpu) {
        if (CPU_ISSET(cpu, &usable)) CPU_SET(cpu, &chosen);
    }
    checked(::sched_setaffinity(0, sizeof chosen, &chosen), "cannot set the CPU affinity");
}

/// What a strategy must not leave behind when it has stopped; empty = nothing was left.
std::string leftovers(int descriptors_before, int threads_before) {
    if (::waitpid(-1, nullptr, WNOHANG) >= 0 || errno != ECHILD) return "left a process behind";
    if (descriptor_count() > descriptors_before) return "left a descriptor open";
    // A joined thread may still be on its way out of the kernel's list.
    for (int look = 0; thread_count() > threads_before; ++look) {
        if (look == 1000) return "left a thread behind";
        sleep_until(now_ns() + 1'000'000);
    }
    return "";
}

/// One trial in progress. The steps are called once each, in the order of the declarations.
class trial {
  public:
    explicit trial(const trial_request& what)
        : request(what),
          model(resolve_workload(parse_spec(request.what.workload, "workload"))),
          seed(mix64(mix64(request.study_seed, hash_text(request.what.workload)),
                     static_cast<std::uint64_t>(request.round))),
          completions(request.events_fd < 0 ? nullptr : std::make_unique<event_stream>(request)),
          measured(make_arrivals(request.what, request.study_seed, request.round), rules()),
          subject(make_strategy(parse_spec(request.what.strategy, "strategy"))) {
        record.round = request.round;
        if (request.what.serial_ns >= shortest_counted_ns) counters.emplace();
    }

    trial_record run() {
        make_first_thread();
        const int descriptors = descriptor_count();
        const int threads = thread_count();
        memory_before = proportional_memory(::getpid());
        start();
        warm_up_workers();
        measure();
        subject->stop();
        if (const std::string left = leftovers(descriptors, threads); !left.empty()) {
            record.what = status::failed;
            record.reason = request.what.strategy + " " + left;
        }
        analyse();
        return std::move(record);
    }

  private:
    [[nodiscard]] window_rules rules() const {
        const cell& c = request.what;
        return {.model = model,
                .seed = seed,
                .stamp_one_in = c.stamp_one_in,
                .pacing_spin_ns = request.pacing_spin_ns,
                .drain_until_ns = drain_limit_ns(),
                .listener = completions.get()};
    }

    /// When the window's tasks are given up, counted from its start: draining lasts at most one
    /// more window, and no time at all where pending tasks are to be cancelled.
    [[nodiscard]] std::int64_t drain_limit_ns() const {
        const cell& c = request.what;
        if (!c.load.ends_with_window()) return never_ns;
        return c.cancel_pending ? c.window_ns : 2 * c.window_ns;
    }

    void start() {
        const std::int64_t began = now_ns();
        subject->start({.workers = request.what.workers,
                        .max_payload_bytes = model.first.payload_bytes,
                        .ledger = &ledger,
                        .monitor = &monitor,
                        .limits = request.what.limits,
                        .counts = &counts,
                        .output = &output});
        record.startup_ns = now_ns() - began;
    }

    void warm_up_workers() {
        warm_up warming(model.tamed(), mix64(seed),
                        static_cast<std::uint64_t>(request.what.workers),
                        now_ns() + request.warm_up_ns);
        subject->run(warming, warming);
        monitor.beats.clear();
    }

    void measure() {
        const cell& c = request.what;
        const std::int64_t expected_ns =
            c.load.ends_with_window()
                ? c.window_ns
                : std::max(
                      static_cast<std::int64_t>(static_cast<double>(c.load.tasks) * c.serial_ns),
                      static_cast<std::int64_t>(c.load.tasks) * c.load.every_ns);
        const std::int64_t step =
            std::clamp(expected_ns / series_steps, shortest_step_ns, longest_step_ns);
        // No window of so much work is shorter than that.
        const std::int64_t shortest_ns =
            c.load.ends_with_window() ? c.window_ns : expected_ns / std::max(c.workers, c.cpus);
        record.timer_real_s = time_with_google_benchmark(c.name(), [&] {
            sampler watching(ledger, {step, std::min(step, shortest_ns / 2)});
            const readings before = read_everything();
            const energy_meter energy;
            if (completions) completions->begin(measured);
            measured.open();
            const std::int64_t limit = drain_limit_ns();
            const std::int64_t overrun =
                limit == never_ns ? never_ns : measured.opened_ns() + limit;
            watching.open(measured.opened_ns(), overrun, [this] {
                measured.end();
                subject->request_stop(stop_mode::cancel);
            });
            subject->run(measured, measured);
            returned_ns = now_ns();
            const readings after = read_everything();
            record.cpu.energy_j = energy.joules();
            keep_difference(before, after);
            keep_samples(watching.finish());
        });
        if (!completions) return;
        if (const std::string& why = completions->finish(); !why.empty()) {
            record.labels.emplace_back(label::events_lost);
            fmt::print(stderr, "stratbench: the file of --events cannot be written: {}\n", why);
        }
    }

    /// What the kernel has counted so far.
    struct readings {
        process_usage tree;
        event_counters::reading events;
        machine_cpu machine;
        cgroup_throttling throttling;
        std::uint64_t processes_made = 0;
        containment_figures contained;
    };
    [[nodiscard]] readings read_everything() const {
        readings now;
        now.tree = process_tree(ledger).walk();
        if (counters) now.events = counters->read();
        now.machine = read_machine_cpu();
        now.throttling = read_cgroup_throttling();
        now.processes_made = ledger.read().made;
        now.contained = {counts.retries.load(), counts.workers_replaced.load()};
        return now;
    }

    void keep_difference(const readings& before, const readings& after) {
        cpu_figures& cpu = record.cpu;
        const auto seconds = [](std::int64_t from_ns, std::int64_t to_ns) {
            return static_cast<double>(to_ns - from_ns) * 1e-9;
        };
        const process_usage used = used_between(before.tree, after.tree);
        cpu.user_s = seconds(0, used.user_ns);
        cpu.system_s = seconds(0, used.system_ns);
        cpu.steal_s = seconds(before.machine.steal_ns, after.machine.steal_ns);
        cpu.foreign_s = std::max(0.0, seconds(before.machine.busy_ns, after.machine.busy_ns) -
                                          cpu.user_s - cpu.system_s);
        cpu.throttled_periods = after.throttling.periods - before.throttling.periods;
        cpu.throttled_s = after.throttling.stopped_s - before.throttling.stopped_s;
        const event_counters::reading events = after.events - before.events;
        cpu.hardware = events.hardware;
        const auto count = [](std::int64_t of) { return static_cast<std::uint64_t>(of); };
        cpu.kernel = {
            count(used.voluntary_switches),
            count(used.involuntary_switches),
            count(used.minor_faults),
            count(used.major_faults),
            events.migrations,
        };
        record.processes_made = after.processes_made - before.processes_made;
        record.contained = {
            after.contained.retries - before.contained.retries,
            after.contained.workers_replaced - before.contained.workers_replaced,
        };
    }

    void keep_samples(const samples& seen) {
        record.cpu.series = seen.series;
        record.peak_processes = seen.peak.processes;
        record.peak_threads = seen.peak.threads - (completions ? 1 : 0);
        record.peak_descriptors = seen.peak.descriptors - (counters ? counters->descriptors() : 0);
        record.peak_memory_bytes =
            seen.peak.memory_bytes - std::min(seen.peak.memory_bytes, memory_before);
    }

    void analyse() {
        const cell& c = request.what;
        analyse_window(measured, c, returned_ns, record);
        verify_values(measured, record);
        const double cpu_s = record.cpu.user_s + record.cpu.system_s;
        const double ran_s = static_cast<double>(returned_ns - measured.opened_ns()) * 1e-9;
        record.cpu.mean_busy_cores = cpu_s / ran_s;
        record.cpu.pacing_spin_s = static_cast<double>(measured.spun_ns()) * 1e-9;
        record.cpu.serial_task_ns = serial_cpu_ns(measured);
        if (cpu_s > 0) {
            record.cpu.efficiency =
                static_cast<double>(record.outcomes.ok) * 1e-9 * record.cpu.serial_task_ns / cpu_s;
        }
        if (record.cpu.steal_s > std::max(beyond_ticks_s, notable_steal_share * ran_s * c.cpus)) {
            record.labels.emplace_back(label::steal);
        }
        if (record.cpu.foreign_s >
            std::max(beyond_ticks_s, notable_foreign_share * ran_s * c.cpus)) {
            record.labels.emplace_back(label::foreign_load);
        }
        if (record.cpu.throttled_periods != 0) record.labels.emplace_back(label::throttled);
        if (c.workers > c.cpus) record.labels.emplace_back(label::oversubscribed);
        if (record.outcomes.error + record.outcomes.crashed + record.outcomes.timed_out != 0) {
            record.labels.emplace_back(label::task_failures);
        }
        analyse_heartbeats(monitor.beats, measured.opened_ns(), record);
        if (request.detail.tasks) record.tasks = trace_tasks(measured);
    }

    const trial_request& request;
    task_template model;
    std::uint64_t seed;
    std::unique_ptr<event_stream> completions;
    window measured;
    process_ledger ledger;
    std::optional<event_counters> counters;  // before everything that it counts
    loop_monitor monitor;
    containment_counts counts;
    /// What the harness gave this process as standard error: its own, or a file.
    labelled_output output{STDERR_FILENO, parse_spec(request.what.strategy, "strategy").name};
    std::unique_ptr<strategy> subject;
    trial_record record;
    std::uint64_t memory_before = 0;
    std::int64_t returned_ns = 0;
};

}  // namespace

trial_record run_trial(const trial_request& request) {
    trial_record failed;
    try {
        ask_for_punctual_sleeps();
        confine_to_cpus(request.what.cpus);
        // Orphans of a strategy become children of this process, where leftovers finds them.
        adopt_orphans();
        return trial(request).run();
    } catch (const std::exception& error) {
        failed.reason = error.what();
    }
    failed.round = request.round;
    failed.what = status::failed;
    return failed;
}

}  // namespace stratbench
