#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <utility>

#include <nlohmann/json.hpp>

#include "harness/base/descriptor.hpp"
#include "harness/base/file.hpp"
#include "harness/base/spec.hpp"
#include "harness/cli/commands.hpp"
#include "harness/cli/progress_view.hpp"
#include "harness/cli/run_against.hpp"
#include "harness/cli/run_options.hpp"
#include "harness/cli/study_setup.hpp"
#include "harness/cli/terminal.hpp"
#include "harness/json/json_text.hpp"
#include "harness/launch/own_worker.hpp"
#include "harness/model/labels.hpp"
#include "harness/results/file.hpp"
#include "harness/results/json.hpp"
#include "harness/study/environment.hpp"
#include "harness/study/interruption.hpp"
#include "harness/study/study.hpp"
#include "harness/trial/event_stream.hpp"
#include "reports/study/html.hpp"
#include "reports/study/terminal.hpp"

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

Exit code: 0; 1 when a cell failed; 2 on a usage or environment error; 130 when interrupted. With
--against also 1 when a cell regressed, and with --strict 3 when the comparison is inconclusive.
With --strict-environment a warning about the machine or the build is such an error: nothing is
measured and written where it is known before; where it shows while measuring, the results are
written all the same. Warnings about the plan (few rounds, workers beyond the CPUs) are not.)";

study_results measure(study_results study, const run_options& o, const trial_starter& start) {
    const descriptor events = o.events.empty() ? descriptor() : open_event_file(o.events);
    const auto view = o.quiet ? nullptr : make_progress_view();
    study_side side{.study = std::move(study), .start = start};
    if (wanted(o.out)) {
        side.save = [&](const study_results& so_far) { save_results(so_far, o.out); };
    }
    return run_study(
        std::move(side),
        {.listener = view.get(), .events_fd = events.get(), .stop = catch_interruptions()});
}

void report(const study_results& study, const run_options& o) {
    if (wanted(o.report)) {
        write_atomically(o.report, html_report(study));
    }
    if (o.json) {
        fmt::print("{}\n", json_text(to_json(study), 2));
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
    if (study.info.interrupted()) {
        return tell_interruption(study);
    }
    const auto has_lost_events = [](const cell_result& c) {
        return has_label(c.labels, label::events_lost);
    };
    const bool lost_events = std::ranges::any_of(study.cells, has_lost_events);
    if (lost_events) {
        fmt::print(stderr, "stratbench: completions are missing from {}; the results are whole\n",
                   o.events);
    }
    const bool failed = std::ranges::any_of(
        study.cells, [](const cell_result& c) { return c.state == status::failed; });
    if (failed || lost_events) {
        return 1;
    }
    check_environment_after(study, o);
    return 0;
}

int run(const run_options& typed_options, const arguments& typed) {
    const run_options o = unified(typed_options);
    if (wanted(o.out)) {
        check_writable(o.out);
    }
    if (wanted(o.report)) {
        check_writable(o.report);
    }
    if (o.events == "-") {
        throw usage_error("--events '-': accepted is a file; the table has standard output");
    }
    if (!o.events.empty()) {
        check_writable(o.events);
    }
    catch_interruptions();
    require_own_worker();
    if (!o.against.empty() && !o.list_tests) {
        return run_against(o, typed);
    }
    if (o.against.empty() && (!o.base_out.empty() || o.compared != comparison_choices{})) {
        throw usage_error("what is asked of a comparison needs --against; see also compare");
    }
    const trial_starter start = trial_launchers(o).of();
    const study_plan plan = plan_of(o, start);
    if (o.list_tests) {
        for (const cell& c : plan.cells) {
            fmt::print("{}\n", c.name());
        }
        return 0;
    }
    const study_results study =
        measure(prepare_study(plan, examine_environment(typed.front()), o, typed), o, start);
    if (finished_generations(study) > 0 || !study.info.interrupted()) {
        report(study, o);
    }
    return finish(study, o);
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
