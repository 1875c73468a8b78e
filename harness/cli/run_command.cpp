#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <utility>

#include <nlohmann/json.hpp>

#include "harness/base/descriptor.hpp"
#include "harness/base/files/standard_streams.hpp"
#include "harness/base/process/children.hpp"
#include "harness/base/process/inheritance.hpp"
#include "harness/base/spec.hpp"
#include "harness/cli/command_files.hpp"
#include "harness/cli/commands.hpp"
#include "harness/cli/progress_view.hpp"
#include "harness/cli/run_against.hpp"
#include "harness/cli/run_options.hpp"
#include "harness/cli/study_setup.hpp"
#include "harness/cli/terminal.hpp"
#include "harness/json/json_text.hpp"
#include "harness/launch/own_worker.hpp"
#include "harness/model/labels.hpp"
#include "harness/plan/input_files.hpp"
#include "harness/results/json.hpp"
#include "harness/study/environment.hpp"
#include "harness/study/interruption.hpp"
#include "harness/study/study.hpp"
#include "harness/trial/event_stream.hpp"
#include "reports/study/html.hpp"
#include "reports/study/terminal.hpp"
#include "strategies/engines/worker/worker_executable.hpp"

namespace stratbench {
namespace {

constexpr const char* run_examples = R"(
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
  stratbench run --against ../base/stratbench      this build and another, side by side
  stratbench run --against self --budget 60s       how far to trust this machine as a gate

Exit code: 0; 1 when a cell failed, or --events or --worker-log lacks lines; 2 on a usage or
environment error; 130 when interrupted. With --against also 1 when a cell regressed, and with
--strict 3 when the comparison is inconclusive. With --strict-environment a warning about the
machine or the build is such an error: nothing is measured and written where it is known before;
where it shows while measuring, the results are written all the same. Warnings about the plan (few
rounds, workers beyond the CPUs) are not.)";

study_results measure(study_results study, const run_options& o, const trial_starter& start,
                      command_files& files) {
    const output* const events_to = files.to("--events");
    const descriptor events = events_to == nullptr ? descriptor() : events_to->open_for_lines();
    const auto view = o.quiet ? nullptr : make_progress_view();
    study_side side{.study = std::move(study), .start = start};
    side.save = saver("--out", files);
    study_results measured = run_study(
        std::move(side),
        {.listener = view.get(), .events_fd = events.get(), .stop = catch_interruptions()});
    save_to_stream("--out", measured, files);
    return measured;
}

void report(const study_results& study, const run_options& o, command_files& files) {
    if (files.to("--report") != nullptr) {
        files.keep("--report", html_report(study));
    }
    if (o.json) {
        say(json_text(to_json(study), 2) + "\n");
    } else if (!o.quiet && files.table_wanted()) {
        say(terminal_report(study, wants_color(STDOUT_FILENO), terminal_width(STDOUT_FILENO)));
    }
}

int nothing_measured() {
    tell_line("interrupted; nothing is written");
    return 130;
}

int finish(const study_results& study, const run_options& o, const trial_launchers& launchers) {
    if (study.info.interrupted()) {
        return tell_interruption(study);
    }
    const auto has_lost_events = [](const cell_result& c) {
        return has_label(c.labels, label::events_lost);
    };
    const bool lost_events = std::ranges::any_of(study.cells, has_lost_events);
    if (lost_events) {
        tell_line(fmt::format("completions are missing from {}; the results are whole", o.events));
    }
    const bool lost_lines = launchers.tell_lost_lines();
    const bool failed = std::ranges::any_of(
        study.cells, [](const cell_result& c) { return c.state == status::failed; });
    if (failed || lost_events || lost_lines) {
        return 1;
    }
    check_environment_after(study, o);
    return 0;
}

/// What the options say; further files may be named by the scenario and the plan.
command_files files_of(const run_options& o) {
    command_files files;
    if (o.json) {
        files.says("--json");
    }
    for (const auto& [option, file] : input_files(o.study)) {
        files.reads(option, file);
    }
    if (!o.plan.empty()) {
        files.reads("--plan", o.plan);
    }
    if (!o.against.empty()) {
        files.reads("--against", base_program_of(o));
        files.reads("--against", worker_of(base_program_of(o)));
    }
    if (o.list_tests) {
        return files;  // nothing is written
    }
    files.writes("--out", o.out);
    files.writes("--report", o.report);
    files.writes("--events", o.events);
    files.writes("--worker-log", o.worker_log);
    if (!o.against.empty()) {
        files.writes("--base-out", base_out_of(o));
        add_comparison_files(o.compared, files);
    }
    return files;
}

/// A study that measures nothing is no success.
void require_a_cell(const study_plan& plan) {
    const auto skipped = [](const cell& c) { return !c.skip_reason.empty(); };
    if (std::ranges::all_of(plan.cells, skipped)) {
        throw usage_error(fmt::format("there is nothing to measure: every cell is skipped: {}",
                                      plan.cells.front().skip_reason));
    }
}

std::string names_of(const study_plan& plan) {
    std::string names;
    for (const cell& c : plan.cells) {
        names += c.name() + "\n";
    }
    return names;
}

int run(const run_options& typed_options, const arguments& typed) {
    require_proc();
    require_descriptors();
    const run_options o = unified(typed_options);
    if (o.against.empty() && (!o.base_out.empty() || o.compared != comparison_choices{})) {
        throw usage_error("what is asked of a comparison needs --against; see also compare");
    }
    command_files files = files_of(o);
    catch_interruptions();
    require_own_worker();
    if (!o.against.empty() && !o.list_tests) {
        return run_against(o, typed, files);
    }
    const trial_launchers launchers(files);
    const trial_starter start = launchers.of();
    const study_plan plan = plan_of(o, start, files);
    if (o.list_tests) {
        say(names_of(plan));
        return 0;
    }
    require_a_cell(plan);
    const study_results study =
        measure(prepare_study(plan, examine_environment(typed.front()), o, typed), o, start, files);
    if (finished_generations(study) > 0 || !study.info.interrupted()) {
        report(study, o, files);
    }
    return files.exit_code(finish(study, o, launchers));
}

}  // namespace

command add_run(CLI::App& program, const arguments& typed) {
    CLI::App* const sub = program.add_subcommand("run", "measure and compare strategies");
    sub->footer(run_examples);
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
