#include "harness/cli/study_setup.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <random>
#include <utility>

#include "harness/base/counted.hpp"
#include "harness/base/files/standard_streams.hpp"
#include "harness/base/hash.hpp"
#include "harness/base/spec.hpp"
#include "harness/cli/terminal.hpp"
#include "harness/cli/usage.hpp"
#include "harness/load/arrivals.hpp"
#include "harness/measure/usable_cpus.hpp"
#include "harness/plan/build_plan.hpp"
#include "harness/plan/input_files.hpp"
#include "harness/plan/plan_limits.hpp"
#include "harness/plan/request.hpp"
#include "harness/plan/scenario.hpp"
#include "harness/plan/stopping.hpp"
#include "harness/plan/written_options.hpp"
#include "harness/results/file.hpp"
#include "harness/study/capacity.hpp"
#include "harness/study/environment.hpp"
#include "harness/study/interruption.hpp"
#include "harness/study/warnings.hpp"
#include "harness/trial/serial_cost.hpp"
#include "strategies/registry.hpp"

namespace stratbench {
namespace {

/// The frozen plan of an earlier study. What could change its cells is refused beside it.
study_plan reuse_plan(const run_options& o, command_files& files) {
    refuse_beside_plan(o.study);
    const run_request request = request_alone(o.study);
    study_plan plan = load_results(o.plan).plan;
    try {
        require_within_limits(plan);
    } catch (const usage_error& error) {
        throw usage_error(fmt::format("plan '{}': {}", o.plan, error.what()));
    }
    for (const cell& c : plan.cells) {
        if (c.load.trace) {
            files.reads("trace", c.load.trace->file);
        }
        for (const std::string& file : input_files({&c.strategy, 1}, {&c.workload, 1}, {})) {
            files.reads("the plan's", file);
        }
    }
    const int usable = usable_cpus();
    std::vector<trace_plan> traces;
    for (cell& c : plan.cells) {
        checked_strategy(parse_spec(c.strategy, "strategy"));
        const task_template work = resolve_workload(parse_spec(c.workload, "workload"));
        c.workload_version = workloads()[work.first.workload]->version;
        if (c.cpus > usable) {
            throw usage_error(
                fmt::format("plan '{}' needs {} CPUs; usable here are {}", o.plan, c.cpus, usable));
        }
        if (c.load.trace &&
            std::find(traces.begin(), traces.end(), *c.load.trace) == traces.end()) {
            planned_trace(traces.emplace_back(*c.load.trace));
        }
    }
    if (request.stopping.given()) {
        settle(plan, request.stopping, false);
    }
    plan.tie = request.tie.value_or(plan.tie);
    return plan;
}

/// A plan from what was asked for; trials are run for it where a rate is in %own.
study_plan new_plan(const run_options& o, const trial_starter& start, command_files& files) {
    const capacity_meter own = [&](const cell& c) {
        capacity found = measure_capacity(c, start, catch_interruptions());
        if (!o.quiet) {
            const std::string what = found.reason.empty() ? fmt::format("{:.4g}/s", found.per_s)
                                                          : "not measured: " + found.reason;
            tell(one_line(fmt::format("capacity of {} with {} and {}: {}", c.strategy, c.workload,
                                      counted(c.workers, "worker"), what)) +
                 "\n");
        }
        return found;
    };
    run_request request = make_request(o.study);
    // Those that options name are known already. Also those that an option has replaced: they are
    // the user's, and worth keeping.
    if (!request.scenario.empty()) {
        for (const combination& c : load_scenario(request.scenario).request.combinations) {
            for (const std::string& file : input_files(c.strategies, c.workloads, c.loads)) {
                files.reads("the scenario's", file);
            }
        }
    }
    if (!request.seed) {
        request.seed = std::random_device{}();
    }
    if (o.list_tests) {
        return build_plan(request, cost_meter{});
    }
    const cost_meter cost =
        depends_on_speed_of_sync(request) ? undisturbed_cost_ns : serial_cost_ns;
    study_plan plan = build_plan(request, cost, own);
    if (plan.budget_ns > 0 && o.against.empty()) {
        require_a_round(plan);
    }
    return plan;
}

std::string utc_now() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    gmtime_r(&now, &parts);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text;
}

study_info describe_study(std::uint64_t seed, const arguments& typed) {
    study_info info;
    const auto now = std::chrono::system_clock::now().time_since_epoch().count();
    info.id = fmt::format(
        "{:016x}", mix64(static_cast<std::uint64_t>(now), static_cast<std::uint64_t>(getpid())));
    info.seed = seed;
    info.command = fmt::format("{}", fmt::join(typed, " "));
    info.started_utc = utc_now();
    return info;
}

}  // namespace

trial_launchers::trial_launchers(command_files& files) {
    if (const output* const place = files.to("--worker-log"); place != nullptr) {
        log_ = std::make_shared<log_when_needed>();
        log_->place = place;
    }
}

trial_starter trial_launchers::of(const std::string& program, const std::string& whose) const {
    const std::string of_whom = whose.empty() ? "" : " of the " + whose;
    return [log = log_, program, of_whom](const trial_request& request, std::int64_t deadline_ns,
                                          const std::atomic<bool>& stop) {
        trial_program runs{.path = program};
        if (log) {
            if (!log->log) {
                log->log.emplace(*log->place);
            }
            log->log->say(fmt::format("# {}, generation {}{}", request.planned.name(),
                                      request.round + 1, of_whom));
            runs.output_fd = log->log->fd();
        }
        return start_trial_by(runs, request, deadline_ns, stop);
    };
}

bool trial_launchers::tell_lost_lines() const {
    if (!log_ || !log_->log || log_->log->finish().empty()) {
        return false;
    }
    tell_line(fmt::format("lines are missing from {}: {}; the results are whole",
                          log_->place->path().string(), log_->log->finish()));
    return true;
}

study_plan plan_of(const run_options& o, const trial_starter& start, command_files& files) {
    return o.plan.empty() ? new_plan(o, start, files) : reuse_plan(o, files);
}

study_results prepare_study(const study_plan& plan, environment machine, const run_options& o,
                            const arguments& typed) {
    study_results study;
    study.info = describe_study(plan.seed, typed);
    study.plan = plan;
    study.machine = std::move(machine);
    study.warnings = warnings_before(study.machine, plan);
    if (o.strict_environment) {
        if (const std::string line = environment_line(study.warnings); !line.empty()) {
            throw usage_error("--strict-environment: nothing was measured: " + line);
        }
    }
    return study;
}

std::function<void(const study_results&)> saver(std::string_view option, command_files& files) {
    const output* const to = files.to(option);
    if (to == nullptr || to->is_stream()) {
        return {};
    }
    return
        [option, &files](const study_results& so_far) { files.keep(option, results_text(so_far)); };
}

void save_to_stream(std::string_view option, const study_results& study, command_files& files) {
    const output* const to = files.to(option);
    if (to != nullptr && to->is_stream() && finished_generations(study) > 0) {
        files.keep(option, results_text(study));
    }
}

int tell_interruption(const study_results& study) {
    const int generations = finished_generations(study);
    const int planned = study.info.confirmation_from_round.value_or(generations);
    tell_line(fmt::format("interrupted; {} in {} were finished{}{}",
                          counted(finished_rounds(study), "round"), counted(planned, "generation"),
                          planned < generations
                              ? fmt::format(", {} more to confirm them", generations - planned)
                              : "",
                          generations > 0 ? " and kept" : "; nothing is written"));
    return 130;
}

void check_environment_after(const study_results& study, const run_options& o) {
    if (!o.strict_environment) {
        return;
    }
    if (const std::string line = environment_line(study.warnings); !line.empty()) {
        throw usage_error("--strict-environment: while it was measured: " + line);
    }
}

}  // namespace stratbench
