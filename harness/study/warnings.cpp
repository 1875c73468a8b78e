#include "harness/study/warnings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <string>
#include <utility>

#include "harness/base/counted.hpp"
#include "harness/judge/harness_cost.hpp"
#include "harness/model/labels.hpp"
#include "harness/stats/median.hpp"

namespace stratbench {
namespace {

/// Below five rounds an interval says little, and tail percentiles are refused.
constexpr int enough_rounds = 5;

int number_in(const std::string& path) {
    int value = 0;
    std::ifstream(path) >> value;
    return value;
}

struct labelled_warning {
    std::string_view label;
    std::string_view code;
    std::string_view message;
};
constexpr labelled_warning of_the_machine[] = {
    {label::steal, warning_code::steal, "the hypervisor took CPU time away"},
    {label::foreign_load, warning_code::foreign_load, "other programs used the CPUs"},
    {label::throttled, warning_code::throttled_cgroup, "the control group was throttled"},
    {label::pacing, warning_code::pacing, "tasks were handed over late"},
    {label::harness_overhead, warning_code::harness_overhead,
     "the harness cost more than 2 % of a task"},
};

/// Of a load whose rate is a part of what sync can do: the rate was found when a task took more CPU
/// time by such a part than in the fastest quarter of the trials.
constexpr double notably_slower = 0.2;

/// What a task cost where it cost least: a quarter of the trials cost less. 0 where no trial knows.
double fast_cost_ns(const std::vector<cell_result>& cells, const std::string& workload) {
    std::vector<double> costs;
    for (const cell_result& cell : cells) {
        if (cell.planned.workload != workload) {
            continue;
        }
        for (const trial_record& t : cell.trials) {
            if (t.cpu.serial_task_ns > 0) {
                costs.push_back(t.cpu.serial_task_ns);
            }
        }
    }
    if (costs.empty()) {
        return 0;
    }
    const auto quarter = costs.begin() + static_cast<std::ptrdiff_t>(costs.size() / 4);
    std::ranges::nth_element(costs, quarter);
    return *quarter;
}

/// The warning that a rate is a smaller part of what sync can do than its text says; empty where it
/// is none.
std::string slow_start_of(const std::vector<cell_result>& cells) {
    for (const cell_result& cell : cells) {
        const struct cell& planned = cell.planned;
        if (!has_rate_in(planned.load, sync_rate_unit)) {
            continue;
        }
        const double cost_ns = fast_cost_ns(cells, planned.workload);
        if (cost_ns > 0 && planned.serial_ns > (1 + notably_slower) * cost_ns) {
            return fmt::format(
                "{} was found to be {:.4g}/s while the CPUs were slow: tasks of {} took {:.0f} % "
                "more CPU time than later",
                planned.load.text, planned.load.rate_per_s, planned.workload,
                100 * (planned.serial_ns / cost_ns - 1));
        }
    }
    return {};
}

}  // namespace

std::vector<warning> warnings_before(const environment& machine, const study_plan& plan,
                                     const std::string& root) {
    std::vector<warning> out;
    const auto warn = [&](std::string_view code, std::string message) {
        out.push_back(make_warning(code, std::move(message)));
    };
    if (machine.build_type == "debug") {
        warn(warning_code::debug_build, "stratbench itself is a debug build");
    }
    if (!machine.governor.empty() && machine.governor != "performance") {
        warn(warning_code::no_cpu_governor_performance,
             fmt::format("the CPU governor is '{}'", machine.governor));
    }
    if (number_in(root + "/sys/devices/system/cpu/smt/active") == 1) {
        warn(warning_code::smt, "CPUs share cores (SMT is on)");
    }
    const bool few_rounds = plan.rounds < enough_rounds && plan.scenario.empty();
    // Each trial is a process of its own, so enough rounds average over what ASLR does.
    if (few_rounds && number_in(root + "/proc/sys/kernel/randomize_va_space") > 0) {
        warn(warning_code::aslr, "addresses are randomised from process to process (ASLR)");
    }
    if (machine.cgroup_cpu_limit && *machine.cgroup_cpu_limit < machine.online_cpus) {
        warn(warning_code::throttled_cgroup,
             fmt::format("a control group limits this process to {:.3g} CPUs",
                         *machine.cgroup_cpu_limit));
    }
    const auto crowded = std::find_if(plan.cells.begin(), plan.cells.end(),
                                      [](const cell& c) { return c.workers > c.cpus; });
    if (crowded != plan.cells.end()) {
        warn(warning_code::oversubscribed,
             fmt::format("{} workers share {} CPUs", crowded->workers, crowded->cpus));
    }
    if (few_rounds) {
        warn(warning_code::few_rounds,
             counted(plan.rounds, "round") + ": intervals are wide or absent");
    }
    double overhead = 0;
    for (const cell& c : plan.cells) {
        overhead = std::max(overhead, harness_cost(c, machine).value_or(0));
    }
    if (overhead > most_harness_cost) {
        warn(warning_code::harness_overhead,
             fmt::format("the harness itself costs {:.1f} % of the shortest task", 100 * overhead));
    }
    return out;
}

std::vector<warning> warnings_after(const std::vector<cell_result>& cells,
                                    std::uint64_t thermal_throttles) {
    std::vector<warning> out;
    for (const labelled_warning& w : of_the_machine) {
        std::size_t trials = 0, marked = 0;
        for (const cell_result& cell : cells) {
            for (const trial_record& t : cell.trials) {
                ++trials;
                if (has_label(t.labels, w.label)) {
                    ++marked;
                }
            }
        }
        if (marked == 0) {
            continue;
        }
        out.push_back(
            make_warning(w.code, fmt::format("{} in {} of {} trials", w.message, marked, trials)));
    }
    std::vector<double> spreads;
    for (const cell_result& cell : cells) {
        if (has_label(cell.labels, label::hidden_steal)) {
            spreads.push_back(*cell.summary.speed_spread);
        }
    }
    if (!spreads.empty()) {
        out.push_back(make_warning(
            warning_code::hidden_steal,
            fmt::format(
                "equal tasks took {:.0f} % longer in one slice of ten than in others, and the "
                "hypervisor reported no steal ({} of {})",
                100 * median(spreads), spreads.size(), counted(cells.size(), "cell"))));
    }
    if (std::string slow = slow_start_of(cells); !slow.empty()) {
        out.push_back(make_warning(warning_code::slow_start, std::move(slow)));
    }
    if (thermal_throttles != 0) {
        out.push_back(make_warning(
            warning_code::thermal,
            fmt::format("CPUs were slowed down because of heat {} times", thermal_throttles)));
    }
    return out;
}

std::string environment_line(std::span<const warning> warnings) {
    std::string line;
    for (const warning& w : warnings) {
        if (!is_of_the_environment(w.code)) {
            continue;
        }
        line += fmt::format("{}{}: {} ({})", line.empty() ? "" : "; ", w.code, w.message, w.advice);
    }
    return line;
}

}  // namespace stratbench
