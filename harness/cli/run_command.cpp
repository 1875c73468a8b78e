#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <memory>

#include <nlohmann/json.hpp>

#include "harness/cli/commands.hpp"
#include "harness/cli/progress_view.hpp"
#include "harness/cli/run_options.hpp"
#include "harness/cli/terminal.hpp"
#include "harness/cli/usage.hpp"
#include "harness/load/arrivals.hpp"
#include "harness/plan/usable_cpus.hpp"
#include "harness/results/file.hpp"
#include "harness/results/json.hpp"
#include "harness/study/capacity.hpp"
#include "harness/study/environment.hpp"
#include "harness/study/interruption.hpp"
#include "harness/study/study.hpp"
#include "harness/trial/event_stream.hpp"
#include "reports/html.hpp"
#include "reports/terminal.hpp"
#include "strategies/engines/descriptor.hpp"
#include "strategies/strategy.hpp"
#include "workloads/hash.hpp"

namespace stratbench {
namespace {

constexpr const char* examples = R"(
Examples:
  stratbench run                                   the default study
  stratbench run --quick                           the same, in seconds
  stratbench run --scenario request_burst          a named study (stratbench list scenarios)
  stratbench run --strategy sync --strategy pool_map:chunk=64 \
                 --workload sqrt_values:n=5000 --load poisson:500/s --workers 4
  stratbench run --workload sum_range:duration=2ms --rounds 10 --out base.json
  stratbench run --precision 2% --budget 300s      rounds until every cell is known to 2 %
  stratbench run --plan base.json --out new.json   the same sizes and rates again
  stratbench run --workload faults:kind=segfault,and=hang,every=100 --task-timeout 50ms --retries 1
  stratbench run --events done.jsonl               tail -f done.jsonl shows each completion
  stratbench run --load closed:8 --load poisson:80%own --load trace:arrivals.csv,speed=2

Exit code: 0; 1 when a cell failed; 2 on a usage or environment error; 130 when interrupted.
With --strict-environment a warning about the machine or the build is such an error: nothing is
measured and written where it is known before; where it shows while measuring, the results are
written all the same. Warnings about the plan (few rounds, workers beyond the CPUs) are not.)";

bool wanted(const std::string& path) {
    return path != "none";
}

/// The frozen plan of an earlier study. What could change its cells is refused beside it.
study_plan reuse_plan(const run_options& o) {
    const bool changed =
        !o.scenario.empty() || !o.strategies.empty() || !o.workloads.empty() || !o.loads.empty() ||
        !o.workers.empty() || !o.cpus.empty() || !o.trial_length.empty() || !o.seed.empty() ||
        !o.filter.empty() || o.quick || !o.task_timeout.empty() || !o.retries.empty() ||
        !o.max_tasks_per_worker.empty() || !o.worker_memory.empty() || o.cancel_pending;
    if (changed) {
        throw usage_error(
            "--plan brings its own cells; only --rounds, --precision and --budget may be "
            "given beside it");
    }
    study_plan plan = load_results(o.plan).plan;
    const int usable = usable_cpus();
    std::vector<trace_plan> traces;
    for (cell& c : plan.cells) {
        make_strategy(parse_spec(c.strategy, "strategy"));
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
    const stopping_request stopping = make_stopping(o);
    if (stopping.given()) {
        plan.rounds = stopping.rounds.value_or(most_rounds);
        plan.precision = stopping.precision;
        plan.budget_ns = stopping.budget_ns;
    }
    return plan;
}

/// How trials are launched whose workers print into a log, each trial under a heading of its own.
trial_launcher launch_with_log(const std::string& path) {
    const auto log = std::make_shared<descriptor>(
        checked(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666),
                path.c_str()));
    return [log, path](const trial_request& request, std::int64_t deadline_ns,
                       const std::atomic<bool>& stop) {
        write_all(*log, fmt::format("# {}, round {}\n", request.what.name(), request.round + 1),
                  path.c_str());
        return launch_trial_printing_to(log->get(), request, deadline_ns, stop);
    };
}

/// A plan from what was asked for; trials are run for it where a rate is in %own.
study_plan make_plan(const run_options& o, const trial_launcher& launch) {
    const capacity_meter own = [&](const cell& c) {
        capacity found = measure_capacity(c, launch, catch_interruptions());
        if (!o.quiet) {
            const std::string what = found.reason.empty() ? fmt::format("{:.4g}/s", found.per_s)
                                                          : "not measured: " + found.reason;
            fmt::print(
                stderr, "{}\n",
                one_line(fmt::format("capacity of {} with {} and {} worker{}: {}", c.strategy,
                                     c.workload, c.workers, c.workers == 1 ? "" : "s", what)));
        }
        return found;
    };
    return build_plan(make_request(o), serial_cost_ns, o.list_tests ? capacity_meter{} : own);
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

study_results measure(const study_plan& plan, const run_options& o, const trial_launcher& launch,
                      const arguments& typed) {
    study_results study;
    study.study = describe_study(plan.seed, typed);
    study.plan = plan;
    study.machine = examine_environment(typed.front());
    study.warnings = warnings_before(study.machine, plan);
    if (o.strict_environment) {
        if (const std::string line = environment_line(study.warnings); !line.empty()) {
            throw usage_error("--strict-environment: nothing was measured: " + line);
        }
    }

    const descriptor events = o.events.empty() ? descriptor() : open_event_file(o.events);
    const auto view = o.quiet ? nullptr : make_progress_view();
    study_surroundings around{.launch = launch,
                              .save = {},
                              .told = view.get(),
                              .events_fd = events.get(),
                              .stop = catch_interruptions()};
    if (wanted(o.out)) {
        around.save = [&](const study_results& so_far) { save_results(so_far, o.out); };
    }
    return run_study(std::move(study), around);
}

void report(const study_results& study, const run_options& o) {
    if (wanted(o.report)) write_atomically(o.report, html_report(study));
    if (o.json) {
        fmt::print("{}\n", to_json(study).dump(2));
    } else if (!o.quiet) {
        fmt::print("{}", terminal_report(study, wants_color(STDOUT_FILENO),
                                         terminal_width(STDOUT_FILENO)));
    }
    std::fflush(stdout);
}

int nothing_measured() {
    fmt::print(stderr, "stratbench: interrupted; nothing is written\n");
    return 130;
}

int finish(const study_results& study, const run_options& o) {
    if (study.study.interrupted()) {
        const int rounds = finished_rounds(study);
        fmt::print(stderr, "stratbench: interrupted; {} of {} rounds were finished{}\n", rounds,
                   study.plan.rounds, rounds > 0 ? " and kept" : "; nothing is written");
        return 130;
    }
    for (const cell_result& c : study.cells) {
        if (c.state == status::failed) return 1;
    }
    if (o.strict_environment) {
        if (const std::string line = environment_line(study.warnings); !line.empty()) {
            throw usage_error("--strict-environment: while it was measured: " + line);
        }
    }
    return 0;
}

int run(const run_options& typed_options, const arguments& typed) {
    const run_options o = unified(typed_options);
    if (wanted(o.out)) check_writable(o.out);
    if (wanted(o.report)) check_writable(o.report);
    if (o.events == "-") {
        throw usage_error("--events '-': accepted is a file; the table has standard output");
    }
    if (!o.events.empty()) check_writable(o.events);
    const bool logs = !o.worker_log.empty() && !o.list_tests;
    const trial_launcher launch = logs ? launch_with_log(o.worker_log) : launch_trial;
    const study_plan plan = o.plan.empty() ? make_plan(o, launch) : reuse_plan(o);
    if (o.list_tests) {
        for (const cell& c : plan.cells) fmt::print("{}\n", c.name());
        return 0;
    }
    const study_results study = measure(plan, o, launch, typed);
    if (finished_rounds(study) > 0 || !study.study.interrupted()) report(study, o);
    return finish(study, o);
}

}  // namespace

command add_run(CLI::App& program, const arguments& typed) {
    CLI::App* const sub = program.add_subcommand("run", "measure and compare strategies");
    sub->footer(examples);
    const auto options = std::make_shared<run_options>();
    add_options(*sub, *options);
    return [options, typed] {
        try {
            return run(*options, typed);
        } catch (const interrupted&) {
            // While the plan was made: a study keeps what it has.
            return nothing_measured();
        }
    };
}

}  // namespace stratbench
