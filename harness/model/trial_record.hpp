#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace stratbench {

/// due = accepted + rejected + unserved; accepted = ok + error + crashed + timed_out + cancelled.
struct outcome_counts {
    std::uint64_t due = 0, accepted = 0, rejected = 0, unserved = 0;
    std::uint64_t ok = 0, error = 0, crashed = 0, timed_out = 0, cancelled = 0;

    outcome_counts& operator+=(const outcome_counts& more) {
        for (const auto count :
             {&outcome_counts::due, &outcome_counts::accepted, &outcome_counts::rejected,
              &outcome_counts::unserved, &outcome_counts::ok, &outcome_counts::error,
              &outcome_counts::crashed, &outcome_counts::timed_out, &outcome_counts::cancelled}) {
            this->*count += more.*count;
        }
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

    /// Whether a value of the distribution, a percentile or the maximum, is only a lower bound.
    [[nodiscard]] bool is_bound(double value) const {
        return censored_from && value >= *censored_from;
    }

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
    status state = status::ok;
    /// Why it failed; empty when ok.
    std::string reason;
    /// From the closed list in harness/results/labels.hpp; they mark figures, never remove them.
    std::vector<std::string> labels;

    /// Marks the trial as failed. The first reason stays.
    void fail(std::string why) {
        if (state != status::failed) {
            state = status::failed;
            reason = std::move(why);
        }
    }

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
    /// Google Benchmark's own reading of the slices: lead-ins, windows and drains.
    double timer_real_s = 0;

    bool operator==(const trial_record&) const = default;
};

}  // namespace stratbench
