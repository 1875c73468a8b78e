#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/plan/plan.hpp"

namespace stratbench {

/// Version of the results file's format; rises with every change of it (semantic versioning).
inline constexpr const char* results_schema_version = "3.0.0";

struct interval {
    double lo = 0;
    double hi = 0;

    bool operator==(const interval&) const = default;
};

/// A figure of a cell: the median of its trials' figures, and a 95 % interval across trials where
/// there are at least two.
struct estimate {
    double value = 0;
    std::optional<interval> ci95;

    bool operator==(const estimate&) const = default;
};

/// A percentile: a figure, a bound that it exceeds (censored: it falls among tasks that failed or
/// were never served), or a refusal with its reason.
struct percentile {
    std::optional<double> value;
    std::optional<interval> ci95;
    bool censored = false;
    std::string refused;

    /// The figure; absent where there is only a bound or a refusal.
    [[nodiscard]] std::optional<estimate> figure() const {
        if (!value || censored) return std::nullopt;
        return estimate{*value, ci95};
    }

    bool operator==(const percentile&) const = default;
};

/// due = accepted + rejected + unserved; accepted = ok + error + crashed + timed_out + cancelled.
struct outcome_counts {
    std::uint64_t due = 0, accepted = 0, rejected = 0, unserved = 0;
    std::uint64_t ok = 0, error = 0, crashed = 0, timed_out = 0, cancelled = 0;

    outcome_counts& operator+=(const outcome_counts& more) {
        for (const auto count :
             {&outcome_counts::due, &outcome_counts::accepted, &outcome_counts::rejected,
              &outcome_counts::unserved, &outcome_counts::ok, &outcome_counts::error,
              &outcome_counts::crashed, &outcome_counts::timed_out, &outcome_counts::cancelled})
            this->*count += more.*count;
        return *this;
    }

    bool operator==(const outcome_counts&) const = default;
};

/// What it took to contain the tasks that misbehaved; see containment_counts.
struct containment_figures {
    std::uint64_t retries = 0, workers_replaced = 0;

    bool operator==(const containment_figures&) const = default;
};

/// A distribution of durations of one trial, nanoseconds. `censored` of the recorded values are
/// lower bounds.
struct distribution {
    std::uint64_t count = 0;
    std::uint64_t censored = 0;
    double mean = 0, max = 0;
    /// Exact to the histogram's three digits; without regard to how few the tasks are.
    double p50 = 0, p90 = 0, p99 = 0, p999 = 0;
    /// The smallest lower bound among the censored values: percentiles at or above it are bounds.
    std::optional<double> censored_from;
    /// HdrHistogram V2, compressed, base64.
    std::string histogram_v2;

    bool operator==(const distribution&) const = default;
};

/// Mean time of a task in each phase, nanoseconds.
struct phase_means {
    double waiting = 0;   ///< due -> accepted
    double dispatch = 0;  ///< accepted -> started
    double service = 0;   ///< started -> finished
    double back = 0;      ///< finished -> completed; "return" in the file

    bool operator==(const phase_means&) const = default;
};

/// The machine during one step of a trial.
struct cpu_sample {
    std::int64_t at_ns = 0;  ///< end of the step, from the start of the window
    double busy_cores = 0;   ///< the trial's whole tree
    double steal_cores = 0;  ///< taken by the hypervisor, of all CPUs of the machine

    bool operator==(const cpu_sample&) const = default;
};

/// What the kernel counted for the trial's whole tree during the window.
struct kernel_counts {
    /// Switches because a thread waited, and because the scheduler took the CPU from it.
    std::uint64_t voluntary_switches = 0, involuntary_switches = 0;
    /// Page faults served from memory, and from a disk.
    std::uint64_t minor_faults = 0, major_faults = 0;
    /// Moves of a thread from one CPU to another; absent where the kernel does not count them, and
    /// for tasks so short that counting would slow them down.
    std::optional<std::uint64_t> migrations;

    bool operator==(const kernel_counts&) const = default;
};

/// Events that the CPUs counted for the trial's whole tree during the window, each absent where
/// this machine does not offer it (environment::hardware_absent says why), and for tasks so short
/// that counting would slow them down.
struct hardware_counts {
    std::optional<std::uint64_t> cycles, instructions, cache_misses, branch_misses;

    bool operator==(const hardware_counts&) const = default;
};

struct cpu_figures {
    double user_s = 0, system_s = 0;
    /// CPU time of the tree over the time from the window's start to the last completion.
    double mean_busy_cores = 0;
    /// CPU that one of the window's tasks costs when a single thread does nothing else, measured in
    /// the same trial process; nanoseconds, 0 where there was no task.
    double serial_task_ns = 0;
    /// ok tasks x serial CPU of one / CPU of the tree; absent where the tree's CPU is below the
    /// resolution.
    std::optional<double> efficiency;
    /// Of the front end's CPU, what it spun away to be on time.
    double pacing_spin_s = 0;
    /// Taken by the hypervisor, and used by other programs, meanwhile; all CPUs of the machine.
    double steal_s = 0, foreign_s = 0;
    /// Periods in which a control group's quota stopped the tree, and for how long in all.
    std::uint64_t throttled_periods = 0;
    double throttled_s = 0;
    kernel_counts kernel;
    hardware_counts hardware;
    /// Energy that the processor package used, everybody's share included; joules.
    std::optional<double> energy_j;
    std::vector<cpu_sample> series;

    bool operator==(const cpu_figures&) const = default;
};

/// How late the event loop's own timer fired; nanoseconds.
struct lag_figures {
    std::uint64_t beats = 0;
    double p50_ns = 0, p99_ns = 0, max_ns = 0;

    bool operator==(const lag_figures&) const = default;
};

struct front_end_figures {
    /// Part of the window in which some due task stayed unaccepted for more than 100 us.
    double blocked_fraction = 0;
    std::int64_t longest_stall_ns = 0;
    /// From the first task's due time to the last one's acceptance.
    std::int64_t accepting_ns = 0;
    /// Time for which a producer was held up by a full queue.
    std::int64_t back_pressure_ns = 0;
    /// accepted - due of the tasks for which the front end was already waiting.
    std::optional<double> pacing_p50_ns, pacing_p90_ns, pacing_p99_ns;
    /// Absent where there is no loop.
    std::optional<lag_figures> loop_lag;

    bool operator==(const front_end_figures&) const = default;
};

struct loop_beat {
    std::int64_t at_ns = 0;  ///< due, from the start of the window
    std::int64_t lag_ns = 0;

    bool operator==(const loop_beat&) const = default;
};

/// One task, kept when a study asks for its tasks. Instants from the start of the window; -1 where
/// the task did not get so far.
struct task_trace {
    std::uint64_t id = 0;
    std::int64_t n = 0;
    std::int64_t due_ns = 0, accepted_ns = -1, started_ns = -1, finished_ns = -1, completed_ns = -1;
    std::string outcome;
    /// The value as text, four decimals for workloads with a floating-point result.
    std::string value;

    bool operator==(const task_trace&) const = default;
};

enum class status : std::uint8_t { ok, skipped, failed };

/// What one slice of a trial measured: what is compared with the slices of the same round.
struct slice_record {
    int round = 0;
    double throughput_per_s = 0;
    /// Of the latency; absent in a batch, and where it is but a bound.
    std::optional<double> p50_ns, p90_ns, p99_ns;
    /// Median time in the work itself: how fast the CPUs were, where all tasks are alike.
    std::optional<double> service_ns;
    /// Findings about this slice alone.
    std::vector<std::string> labels;

    bool operator==(const slice_record&) const = default;
};

/// What one trial process measured: rates and times are medians of its slices, latencies those of
/// all their tasks, counts and CPU times sums.
struct trial_record {
    /// The generation that it belongs to.
    int round = 0;
    status what = status::ok;
    /// Why it failed; empty when ok.
    std::string reason;
    /// From the closed list in harness/results/labels.hpp; they mark figures, never remove them.
    std::vector<std::string> labels;

    std::int64_t startup_ns = 0;
    /// From the window's start to the last completion.
    std::int64_t elapsed_ns = 0;
    /// The arrivals' part of it: the denominator of an open load's throughput.
    std::int64_t window_ns = 0;
    double throughput_per_s = 0;
    /// Arrivals per second that an open load asked for and that were offered.
    std::optional<double> asked_per_s, offered_per_s;
    /// Tasks that were due and had not ended when the window closed, over its length: by how many
    /// tasks per second an open load's queue grew.
    std::optional<double> queue_growth_per_s;

    /// Absent where the load gives it no meaning; `latency_absent` says why.
    std::optional<distribution> latency;
    std::string latency_absent;
    std::optional<distribution> service;
    std::optional<phase_means> phases;
    cpu_figures cpu;
    front_end_figures front_end;
    outcome_counts outcomes;
    containment_figures contained;
    std::uint64_t peak_memory_bytes = 0;
    /// Of the whole tree, as the sampler saw them.
    int peak_processes = 0;
    int peak_threads = 0;
    int peak_descriptors = 0;
    std::uint64_t processes_made = 0;
    /// Of long windows the worst of each step is kept.
    std::vector<loop_beat> heartbeats;
    std::vector<task_trace> tasks;
    /// In order of their rounds; none in files before version 3.
    std::vector<slice_record> slices;
    /// A trial of an older file is one round.
    [[nodiscard]] std::size_t rounds() const { return slices.empty() ? 1 : slices.size(); }
    /// Google Benchmark's own reading of the windows.
    double timer_real_s = 0;

    bool operator==(const trial_record&) const = default;
};

/// Everything a cell's trials say together; made by stats::summarise and nowhere else.
struct cell_summary {
    int trials = 0;  ///< that count: ok ones
    std::optional<estimate> throughput_per_s;
    std::optional<estimate> throughput_per_busy_core;
    std::optional<estimate> makespan_ns;  ///< batch
    /// Open loads; medians.
    std::optional<double> asked_per_s, offered_per_s, queue_growth_per_s;
    struct percentiles {
        percentile p50, p90, p99, p999;
        double max = 0;
        /// The maximum is the bound of a task that failed or was never served.
        bool max_censored = false;
        std::uint64_t count = 0;
        /// All trials merged, for curves.
        std::string histogram_v2;

        bool operator==(const percentiles&) const = default;
    };
    std::optional<percentiles> latency_ns;
    std::string latency_absent;
    std::optional<percentiles> service_ns;
    /// How much longer equal tasks took in one slice of ten than in one of ten others (0.5 = 50 %):
    /// how unsteady the CPUs were. Absent below ten slices.
    std::optional<double> speed_spread;
    std::optional<phase_means> phases_ns;
    std::optional<estimate> mean_busy_cores;
    std::optional<estimate> efficiency;
    /// Throughput x serial CPU of one task: how many CPUs' worth of work was done.
    std::optional<estimate> speed_up;
    double user_s = 0, system_s = 0;  ///< per trial, mean
    /// Of the whole tree for each ok task, where they are counted.
    std::optional<estimate> context_switches_per_task, migrations_per_task, page_faults_per_task;
    std::optional<estimate> instructions_per_cycle, energy_per_task_j;
    std::optional<estimate> startup_ns;
    double blocked_fraction = 0;  ///< median
    std::int64_t longest_stall_ns = 0;
    std::optional<std::int64_t> longest_loop_lag_ns;
    /// accepted - due where the front end was already waiting; medians.
    std::optional<double> pacing_p50_ns, pacing_p90_ns, pacing_p99_ns;
    std::uint64_t peak_memory_bytes = 0;
    int peak_processes = 0, peak_threads = 0, peak_descriptors = 0;
    outcome_counts outcomes;        ///< summed
    containment_figures contained;  ///< summed

    bool operator==(const cell_summary&) const = default;
};

/// Why there are no more rounds: all that were planned, every cell precise enough, the budget
/// spent, the user, or the question answered.
enum class study_end : std::uint8_t { rounds, precision, budget, interruption, decided };

struct cell_result {
    cell what;
    status state = status::ok;
    std::string reason;
    /// `precision` where the cell had become precise enough, whatever ended the study; absent
    /// before the first round, and where it was skipped or failed.
    std::optional<study_end> ended_by;
    std::vector<std::string> labels;
    std::vector<trial_record> trials;
    cell_summary summary;

    [[nodiscard]] std::size_t rounds() const {
        std::size_t sum = 0;
        for (const trial_record& trial : trials) sum += trial.rounds();
        return sum;
    }

    bool operator==(const cell_result&) const = default;
};

/// A finding about the machine or the study, from a closed list, with what to do about it.
struct warning {
    std::string code;
    std::string message;
    std::string advice;

    bool operator==(const warning&) const = default;
};

struct environment {
    std::string host, cpu_model, kernel, governor, compiler, compiler_flags, build_type,
        git_revision, library_version;
    int online_cpus = 0;
    int usable_cpus = 0;
    std::optional<double> cgroup_cpu_limit;
    std::optional<std::uint64_t> cgroup_memory_limit_bytes;
    /// Cost of one reading of the clock, and of one stamped task more than an unstamped one.
    double clock_ns = 0;
    double stamp_ns = 0;
    /// What the harness itself costs a task beside its stamps: handing it out, recording its end.
    double hand_over_ns = 0;
    /// 90th percentile by which a sleep of milliseconds ended late.
    std::int64_t wake_up_error_ns = 0;
    /// Why there are no hardware counters, no migrations, no energy; empty where there are.
    std::string hardware_absent, migrations_absent, energy_absent;
    /// Google Benchmark's context object, as JSON text.
    std::string benchmark_context;

    bool operator==(const environment&) const = default;
};

/// Which of two builds that were measured side by side, round by round.
enum class study_arm : std::uint8_t { base, now };

struct study_info {
    /// Files of the two builds of one study share it.
    std::string id;
    std::uint64_t seed = 0;
    std::string command;
    std::string started_utc;  ///< ISO 8601
    double measuring_s = 0;
    study_end ended_by = study_end::rounds;
    /// Rounds from this one on were measured to confirm what those before had shown.
    std::optional<int> confirmation_from_round = {};
    /// Absent where there is one build alone.
    std::optional<study_arm> arm = {};

    [[nodiscard]] bool interrupted() const { return ended_by == study_end::interruption; }

    bool operator==(const study_info&) const = default;
};

struct study_results {
    study_info study;
    study_plan plan;
    environment machine;
    std::vector<warning> warnings;
    std::vector<cell_result> cells;

    bool operator==(const study_results&) const = default;
};

}  // namespace stratbench
