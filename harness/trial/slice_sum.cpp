#include "harness/trial/slice_sum.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "harness/model/labels.hpp"
#include "harness/stats/median.hpp"
#include "harness/trial/loop_lag.hpp"

namespace stratbench {
namespace {

/// Parts of a trial's CPUs that the hypervisor, or other programs, may take before its figures are
/// labelled; and how much CPU time is more than the kernel's ticks can make up.
constexpr double notable_steal_share = 0.05;
constexpr double notable_foreign_share = 0.10;
constexpr double beyond_ticks_s = 0.03;

/// CPU time is counted to a tick where a process has ended, and reading it costs some of it: what
/// ran for a shorter time than this has no figure. Two readings are not made at one instant, which
/// can make up so much more than the CPUs have.
constexpr double shortest_counted_s = 0.01;
constexpr double reading_error = 0.01;

/// Whether the machine and the clocks can have produced so many busy cores.
bool can_be(double busy_cores, double ran_s, int cpus) {
    return ran_s >= shortest_counted_s && busy_cores <= (1 + reading_error) * cpus;
}

void add_label(std::vector<std::string>& labels, std::string_view one) {
    if (!has_label(labels, one)) {
        labels.emplace_back(one);
    }
}

template <class T>
void add(std::optional<T>& sum, const std::optional<T>& more) {
    if (more) {
        sum = sum.value_or(T{}) + *more;
    }
}

slice_record slice_of(const slice_result& slice) {
    slice_record record;
    record.round = slice.round;
    record.throughput_per_s = slice.figures.throughput_per_s;
    const durations& latency = slice.times.latency;
    const auto figure = [&](double percent) -> std::optional<double> {
        if (latency.count() == 0 || latency.is_bound(percent)) {
            return std::nullopt;
        }
        return latency.percentile(percent);
    };
    record.p50_ns = figure(50);
    record.p90_ns = figure(90);
    record.p99_ns = figure(99);
    if (slice.times.service.count() != 0) {
        record.service_ns = slice.times.service.percentile(50);
    }
    for (const std::string& one : slice.figures.labels) {
        if (needs_majority(one)) {
            record.labels.push_back(one);
        }
    }
    return record;
}

}  // namespace

void slice_sum::add(slice_result&& slice) {
    trial_record& figures = slice.figures;
    if (figures.state == status::failed) {
        sum_.fail(figures.reason);
        return;
    }
    if (!slice.paused.empty()) {
        paused_ = slice.paused;
        return;
    }
    if (slices_.empty()) {
        opened_ns_ = slice.opened_ns;
        // What one looks at closely, of the first slice; a load that is a story has no other.
        sum_.cpu.series = std::move(figures.cpu.series);
        sum_.tasks = std::move(figures.tasks);
        sum_.asked_per_s = figures.asked_per_s;
        sum_.latency_absent = figures.latency_absent;
    }
    slices_.push_back(slice_of(slice));
    elapsed_ns_.push_back(static_cast<double>(figures.elapsed_ns));
    windows_ns_.push_back(static_cast<double>(figures.window_ns));
    rates_.push_back(figures.throughput_per_s);
    if (figures.offered_per_s) {
        offered_.push_back(*figures.offered_per_s);
    }
    if (figures.queue_growth_per_s) {
        growth_.push_back(*figures.queue_growth_per_s);
    }
    if (figures.phases) {
        const auto n = static_cast<double>(slice.times.service.count());
        phases_.waiting += n * figures.phases->waiting;
        phases_.dispatch += n * figures.phases->dispatch;
        phases_.service += n * figures.phases->service;
        phases_.back += n * figures.phases->back;
    }
    times_.latency.merge(slice.times.latency);
    times_.service.merge(slice.times.service);
    times_.pacing.merge(slice.times.pacing);
    beats_.insert(beats_.end(), slice.beats.begin(), slice.beats.end());
    ran_ns_ += slice.ran_ns;
    blocked_ns_ += figures.front_end.blocked_fraction * static_cast<double>(slice.ran_ns);
    for (const std::string& one : figures.labels) {
        if (!needs_majority(one)) {
            add_label(sum_.labels, one);
        }
    }
    add_counts(figures);
    add_cpu(figures.cpu);
}

void slice_sum::add_counts(const trial_record& figures) {
    sum_.outcomes += figures.outcomes;
    sum_.contained.retries += figures.contained.retries;
    sum_.contained.workers_replaced += figures.contained.workers_replaced;
    sum_.processes_made += figures.processes_made;
    sum_.timer_real_s += figures.timer_real_s;
    sum_.peak_memory_bytes = std::max(sum_.peak_memory_bytes, figures.peak_memory_bytes);
    sum_.peak_processes = std::max(sum_.peak_processes, figures.peak_processes);
    sum_.peak_threads = std::max(sum_.peak_threads, figures.peak_threads);
    sum_.peak_descriptors = std::max(sum_.peak_descriptors, figures.peak_descriptors);
    front_end_figures& front_end = sum_.front_end;
    front_end.longest_stall_ns =
        std::max(front_end.longest_stall_ns, figures.front_end.longest_stall_ns);
    front_end.accepting_ns = std::max(front_end.accepting_ns, figures.front_end.accepting_ns);
    front_end.back_pressure_ns += figures.front_end.back_pressure_ns;
}

void slice_sum::add_cpu(const cpu_figures& more) {
    cpu_figures& cpu = sum_.cpu;
    cpu.user_s += more.user_s;
    cpu.system_s += more.system_s;
    cpu.pacing_spin_s += more.pacing_spin_s;
    cpu.steal_s += more.steal_s;
    cpu.foreign_s += more.foreign_s;
    cpu.throttled_periods += more.throttled_periods;
    cpu.throttled_s += more.throttled_s;
    cpu.kernel.voluntary_switches += more.kernel.voluntary_switches;
    cpu.kernel.involuntary_switches += more.kernel.involuntary_switches;
    cpu.kernel.minor_faults += more.kernel.minor_faults;
    cpu.kernel.major_faults += more.kernel.major_faults;
    ::stratbench::add(cpu.kernel.migrations, more.kernel.migrations);
    ::stratbench::add(cpu.hardware.cycles, more.hardware.cycles);
    ::stratbench::add(cpu.hardware.instructions, more.hardware.instructions);
    ::stratbench::add(cpu.hardware.cache_misses, more.hardware.cache_misses);
    ::stratbench::add(cpu.hardware.branch_misses, more.hardware.branch_misses);
    ::stratbench::add(cpu.energy_j, more.energy_j);
}

void slice_sum::label_trial(trial_record& record) const {
    for (const label_entry& entry : labels()) {
        const auto having = std::ranges::count_if(slices_, [&](const slice_record& slice) {
            return has_label(slice.labels, entry.name);
        });
        if (2 * static_cast<std::size_t>(having) > slices_.size()) {
            add_label(record.labels, entry.name);
        }
    }
    const double cpus_s = static_cast<double>(ran_ns_) * 1e-9 * planned_.cpus;
    const auto more_than = [&](double taken_s, double share) {
        return taken_s > std::max(beyond_ticks_s, share * cpus_s);
    };
    if (more_than(record.cpu.steal_s, notable_steal_share)) {
        add_label(record.labels, label::steal);
    }
    if (more_than(record.cpu.foreign_s, notable_foreign_share)) {
        add_label(record.labels, label::foreign_load);
    }
    if (record.cpu.throttled_periods != 0) {
        add_label(record.labels, label::throttled);
    }
    if (planned_.workers > planned_.cpus) {
        add_label(record.labels, label::oversubscribed);
    }
    const outcome_counts& o = record.outcomes;
    if (o.error + o.crashed + o.timed_out != 0) {
        add_label(record.labels, label::task_failures);
    }
}

trial_record slice_sum::record(const trial_record& started) const {
    trial_record record = failed() ? trial_record{} : sum_;
    record.round = started.round;
    record.startup_ns = started.startup_ns;
    record.state = sum_.state;
    record.reason = sum_.reason;
    for (const std::string& one : started.labels) {
        add_label(record.labels, one);
    }
    if (!paused_.empty()) {
        add_label(record.labels, label::paused);
        if (slices_.empty()) {
            record.fail(planned_.strategy + " " + paused_);
        }
    }
    if (slices_.empty() || failed()) {
        return record;
    }
    record.elapsed_ns = std::llround(median(elapsed_ns_));
    record.window_ns = std::llround(median(windows_ns_));
    record.throughput_per_s = median(rates_);
    if (!offered_.empty()) {
        record.offered_per_s = median(offered_);
    }
    if (!growth_.empty()) {
        record.queue_growth_per_s = median(growth_);
    }
    if (const auto n = static_cast<double>(times_.service.count()); n > 0) {
        record.phases = {phases_.waiting / n, phases_.dispatch / n, phases_.service / n,
                         phases_.back / n};
    }
    put(times_, record);
    const double ran_s = static_cast<double>(std::max<std::int64_t>(1, ran_ns_)) * 1e-9;
    record.front_end.blocked_fraction = blocked_ns_ * 1e-9 / ran_s;
    cpu_figures& cpu = record.cpu;
    const double cpu_s = cpu.user_s + cpu.system_s;
    cpu.mean_busy_cores = cpu_s / ran_s;
    if (!can_be(cpu.mean_busy_cores, ran_s, planned_.cpus)) {
        cpu.mean_busy_cores = 0;
        add_label(record.labels, label::cpu_withheld);
    }
    cpu.mean_busy_cores = std::min(cpu.mean_busy_cores, static_cast<double>(planned_.cpus));
    cpu.serial_task_ns = started.cpu.serial_task_ns;
    if (cpu.mean_busy_cores > 0) {
        cpu.efficiency =
            static_cast<double>(record.outcomes.ok) * 1e-9 * cpu.serial_task_ns / cpu_s;
    }
    label_trial(record);
    analyse_heartbeats(beats_, opened_ns_, record);
    record.slices = slices_;
    return record;
}

}  // namespace stratbench
