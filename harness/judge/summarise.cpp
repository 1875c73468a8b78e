#include "harness/judge/summarise.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <string_view>
#include <vector>

#include "harness/stats/histogram/histogram.hpp"
#include "harness/stats/median.hpp"
#include "harness/stats/tail_rule.hpp"

namespace stratbench {

namespace {

using trial_list = std::vector<const trial_record*>;

/// The figure that `get` reads from each trial, of those trials that have it.
template <class Get>
std::vector<double> collect(const trial_list& from, Get get) {
    std::vector<double> values;
    for (const trial_record* trial : from) {
        if (const std::optional<double> value = get(*trial)) {
            values.push_back(*value);
        }
    }
    return values;
}

template <class Get>
std::optional<estimate> estimate_of(const trial_list& from, Get get) {
    const auto values = collect(from, get);
    if (values.empty()) {
        return std::nullopt;
    }
    return median_with_interval(values);
}

using distributions = std::vector<const distribution*>;

percentile percentile_of(const distributions& from, double distribution::*which) {
    std::vector<double> values;
    std::size_t bounds = 0;
    for (const distribution* d : from) {
        values.push_back(d->*which);
        if (d->is_bound(d->*which)) {
            ++bounds;
        }
    }
    const estimate found = median_with_interval(values);
    percentile result;
    result.value = found.value;
    result.censored = 2 * bounds >= values.size();
    // Where a trial's value is only a bound, nobody knows how far up the interval would reach.
    if (bounds == 0) {
        result.ci95 = found.ci95;
    }
    return result;
}

std::optional<cell_summary::percentiles> percentiles_of(
    const trial_list& from, std::optional<distribution> trial_record::*which) {
    distributions all;
    cell_summary::percentiles result;
    for (const trial_record* trial : from) {
        const auto& d = trial->*which;
        if (!d || d->count == 0) {
            continue;
        }
        all.push_back(&*d);
        result.count += d->count;
        result.max = std::max(result.max, d->max);
    }
    if (all.empty()) {
        return std::nullopt;
    }
    result.max_censored = std::any_of(all.begin(), all.end(), [&](const distribution* d) {
        return d->is_bound(d->max) && d->max >= result.max;
    });

    const auto tail = [&](const tail_rule& rule, double distribution::*figure) {
        percentile refused;
        refused.refused = rule.refusal(result.count, all.size());
        return refused.refused.empty() ? percentile_of(all, figure) : refused;
    };
    result.p50 = percentile_of(all, &distribution::p50);
    result.p90 = percentile_of(all, &distribution::p90);
    result.p99 = tail(rule_p99, &distribution::p99);
    result.p999 = tail(rule_p999, &distribution::p999);

    histogram merged;
    for (const distribution* d : all) {
        if (!d->histogram_v2.empty()) {
            merged.merge(histogram::decode(d->histogram_v2));
        }
    }
    if (merged.count() > 0) {
        result.histogram_v2 = merged.encode();
    }
    return result;
}

std::optional<phase_means> phases_of(const trial_list& from) {
    phase_means sum;
    double n = 0;
    for (const trial_record* trial : from) {
        if (!trial->phases) {
            continue;
        }
        sum.waiting += trial->phases->waiting;
        sum.dispatch += trial->phases->dispatch;
        sum.service += trial->phases->service;
        sum.back += trial->phases->back;
        n += 1;
    }
    if (n == 0) {
        return std::nullopt;
    }
    return phase_means{sum.waiting / n, sum.dispatch / n, sum.service / n, sum.back / n};
}

template <class Get>
std::optional<double> middle(const trial_list& from, Get get) {
    const auto values = collect(from, get);
    if (values.empty()) {
        return std::nullopt;
    }
    return median(values);
}

/// Whether the tasks of one slice take as long as those of another wherever the CPUs are as fast:
/// their sizes are not drawn, and each worker has a CPU.
bool is_steady_work(const cell& planned) {
    const std::string_view work = planned.workload;
    const bool alike =
        work.starts_with("command:") ||
        (work.find('(') == std::string_view::npos && work.find("step=") == std::string_view::npos);
    return alike && planned.workers <= planned.cpus;
}

/// The ninth decile of the slices' service times over the first, less 1.
std::optional<double> speed_spread(const trial_list& from) {
    constexpr std::size_t enough = 10;
    std::vector<double> services;
    for (const trial_record* trial : from) {
        for (const slice_record& slice : trial->slices) {
            if (slice.service_ns && *slice.service_ns > 0) {
                services.push_back(*slice.service_ns);
            }
        }
    }
    if (services.size() < enough) {
        return std::nullopt;
    }
    std::ranges::sort(services);
    const std::size_t tenth = services.size() / 10;
    return services[services.size() - 1 - tenth] / services[tenth] - 1;
}

/// An efficiency above 1 is a claim that sanity judges, where its interval is; else it is the noise
/// of two measurements: near 1 it is 1, and beyond that it says nothing.
std::optional<estimate> believable(std::optional<estimate> efficiency) {
    constexpr double noise = 1.05;
    if (!efficiency || (efficiency->ci95 && efficiency->ci95->lo > 1)) {
        return efficiency;
    }
    if (efficiency->value > noise) {
        return std::nullopt;
    }
    efficiency->value = std::min(efficiency->value, 1.0);
    if (efficiency->ci95) {
        efficiency->ci95->hi = std::min(efficiency->ci95->hi, 1.0);
    }
    return efficiency;
}

/// Figures that are a maximum, a mean or a sum over the trials.
void accumulate(cell_summary& into, const trial_list& from) {
    for (const trial_record* trial : from) {
        into.user_s += trial->cpu.user_s / static_cast<double>(from.size());
        into.system_s += trial->cpu.system_s / static_cast<double>(from.size());
        into.longest_stall_ns = std::max(into.longest_stall_ns, trial->front_end.longest_stall_ns);
        into.peak_memory_bytes = std::max(into.peak_memory_bytes, trial->peak_memory_bytes);
        into.peak_processes = std::max(into.peak_processes, trial->peak_processes);
        into.peak_threads = std::max(into.peak_threads, trial->peak_threads);
        into.peak_descriptors = std::max(into.peak_descriptors, trial->peak_descriptors);
        for (const loop_beat& beat : trial->heartbeats) {
            into.longest_loop_lag_ns = std::max(into.longest_loop_lag_ns.value_or(0), beat.lag_ns);
        }
        // Of a long window this knows every beat, the list above the worst of each step.
        if (const auto& lag = trial->front_end.loop_lag) {
            into.longest_loop_lag_ns = std::max<std::int64_t>(into.longest_loop_lag_ns.value_or(0),
                                                              std::llround(lag->max_ns));
        }
        into.outcomes += trial->outcomes;
        into.contained.retries += trial->contained.retries;
        into.contained.workers_replaced += trial->contained.workers_replaced;
    }
}

}  // namespace

cell_summary summarise(const cell& what, std::span<const trial_record> all) {
    trial_list ok;
    for (const trial_record& trial : all) {
        if (trial.state == status::ok) {
            ok.push_back(&trial);
        }
    }

    cell_summary result;
    result.trials = static_cast<int>(ok.size());
    if (ok.empty()) {
        result.latency_absent = "no trial succeeded";
        return result;
    }
    using some = std::optional<double>;
    const auto throughput = [](const trial_record& t) -> some { return t.throughput_per_s; };
    // 0 where it was withheld: see label::cpu_withheld.
    const auto busy = [](const trial_record& t) -> some {
        return t.cpu.mean_busy_cores > 0 ? some(t.cpu.mean_busy_cores) : std::nullopt;
    };
    const auto per_busy_core = [](const trial_record& t) -> some {
        if (t.cpu.mean_busy_cores <= 0) {
            return std::nullopt;
        }
        return t.throughput_per_s / t.cpu.mean_busy_cores;
    };
    const auto efficiency = [](const trial_record& t) { return t.cpu.efficiency; };
    const auto startup = [](const trial_record& t) -> some {
        return static_cast<double>(t.startup_ns);
    };
    const auto elapsed = [](const trial_record& t) -> some {
        return static_cast<double>(t.elapsed_ns);
    };
    const auto blocked = [](const trial_record& t) -> some { return t.front_end.blocked_fraction; };

    result.throughput_per_s = estimate_of(ok, throughput);
    result.throughput_per_busy_core = estimate_of(ok, per_busy_core);
    if (what.load.kind == load_plan::shape::batch) {
        result.makespan_ns = estimate_of(ok, elapsed);
    }
    result.asked_per_s = middle(ok, std::mem_fn(&trial_record::asked_per_s));
    result.offered_per_s = middle(ok, std::mem_fn(&trial_record::offered_per_s));
    result.queue_growth_per_s = middle(ok, std::mem_fn(&trial_record::queue_growth_per_s));
    const auto pacing = [&](some front_end_figures::*which) {
        return middle(ok, [which](const trial_record& t) { return t.front_end.*which; });
    };
    result.pacing_p50_ns = pacing(&front_end_figures::pacing_p50_ns);
    result.pacing_p90_ns = pacing(&front_end_figures::pacing_p90_ns);
    result.pacing_p99_ns = pacing(&front_end_figures::pacing_p99_ns);
    result.latency_ns = percentiles_of(ok, &trial_record::latency);
    if (!result.latency_ns) {
        result.latency_absent = ok.front()->latency_absent;
    }
    result.service_ns = percentiles_of(ok, &trial_record::service);
    if (is_steady_work(what)) {
        result.speed_spread = speed_spread(ok);
    }
    result.phases_ns = phases_of(ok);
    result.mean_busy_cores = estimate_of(ok, busy);
    result.efficiency = believable(estimate_of(ok, efficiency));
    result.speed_up = estimate_of(ok, [](const trial_record& t) -> some {
        if (t.cpu.serial_task_ns <= 0) {
            return std::nullopt;
        }
        return t.throughput_per_s * t.cpu.serial_task_ns * 1e-9;
    });
    result.startup_ns = estimate_of(ok, startup);
    result.blocked_fraction = median(collect(ok, blocked));
    const auto over = [](const auto& part, double whole) -> some {
        if (!part || whole <= 0) {
            return std::nullopt;
        }
        return static_cast<double>(*part) / whole;
    };
    result.context_switches_per_task = estimate_of(ok, [&](const trial_record& t) {
        const kernel_counts& k = t.cpu.kernel;
        return over(std::optional(k.voluntary_switches + k.involuntary_switches),
                    static_cast<double>(t.outcomes.ok));
    });
    result.page_faults_per_task = estimate_of(ok, [&](const trial_record& t) {
        const kernel_counts& k = t.cpu.kernel;
        return over(std::optional(k.minor_faults + k.major_faults),
                    static_cast<double>(t.outcomes.ok));
    });
    result.migrations_per_task = estimate_of(ok, [&](const trial_record& t) {
        return over(t.cpu.kernel.migrations, static_cast<double>(t.outcomes.ok));
    });
    result.instructions_per_cycle = estimate_of(ok, [&](const trial_record& t) {
        const auto& cycles = t.cpu.hardware.cycles;
        return over(t.cpu.hardware.instructions, cycles ? static_cast<double>(*cycles) : 0);
    });
    result.energy_per_task_j = estimate_of(ok, [&](const trial_record& t) {
        return over(t.cpu.energy_j, static_cast<double>(t.outcomes.ok));
    });
    accumulate(result, ok);
    return result;
}

}  // namespace stratbench
