#include "harness/cli/run_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "harness/base/spec.hpp"
#include "harness/cli/path_options.hpp"
#include "harness/plan/option_table.hpp"

namespace stratbench {
namespace {

constexpr const char* google_benchmark = "Options of Google Benchmark";

/// Google Benchmark's `0.5s` or `0.5`: seconds. Its `100x` has no meaning here, because one
/// iteration is one trial.
std::string length_of_min_time(const std::string& text) {
    std::string_view digits = text;
    if (digits.ends_with('s')) {
        digits.remove_suffix(1);
    }
    const std::optional<double> seconds = read_number(digits);
    if (!seconds || !(*seconds > 0) || *seconds > 1e6) {
        throw usage_error(fmt::format(
            "--benchmark_min_time '{}': accepted are seconds above 0, as in 0.5s", text));
    }
    return fmt::format("{}ns", std::max(1LL, std::llround(*seconds * 1e9)));
}

/// Takes over what another spelling of an option says.
void take_over(written_options& ours, std::string_view our_name, const std::string& theirs,
               std::string_view their_name) {
    if (theirs.empty()) {
        return;
    }
    if (!ours.try_emplace(our_name, 1, theirs).second) {
        throw usage_error(
            fmt::format("{} and {} mean the same; give one of them", our_name, their_name));
    }
}

/// An option of the table on the command line.
void add_study_option(CLI::App& run, const study_option& option, written_options& written) {
    const std::string name(option.name), help(option.help);
    const auto keep = [&written, &option](std::vector<std::string> texts) {
        written[option.name] = std::move(texts);
    };
    CLI::Option* added = nullptr;
    if (std::holds_alternative<flag_value>(option.value)) {
        added = run.add_flag_callback(
            name, [keep] { keep({}); }, help);
    } else if (std::holds_alternative<texts_value>(option.value) ||
               std::holds_alternative<wholes_value>(option.value)) {
        // Repeated, never split at commas: a spec has commas of its own.
        added = run.add_option_function<std::vector<std::string>>(name, keep, help)
                    ->expected(1)
                    ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    } else {
        added = run.add_option_function<std::string>(
            name, [keep](const std::string& text) { keep({text}); }, help);
    }
    added->type_name(std::string(option.placeholder));
    if (option.name.starts_with("--benchmark_")) {
        added->group(google_benchmark);
    }
}

}  // namespace

void add_options(CLI::App& run, run_options& o) {
    for (const study_option& option : study_options()) {
        add_study_option(run, option, o.study);
    }
    const auto one = [&](const char* name, std::string& into, const char* type, const char* help) {
        return run.add_option(name, into, help)->type_name(type);
    };
    add_input(run, "--plan", o.plan, "the plan of a results file, frozen numbers and all");
    CLI::Option* const out =
        add_output(run, "--out", o.out, "results, or none")->capture_default_str();
    add_output(run, "--report", o.report, "page with charts, or none")->capture_default_str();
    add_output(run, "--events", o.events,
               "every completion as a line of JSON, while the study runs");
    add_output(run, "--worker-log", o.worker_log,
               "what workers print, labelled with their tasks (default: standard error)");
    run.add_flag("--json", o.json, "results to standard output instead of the table");
    run.add_flag("--quiet", o.quiet, "no progress and no table");
    run.add_flag("--strict-environment", o.strict_environment,
                 "exit 2 on a warning about the machine or the build");

    one("--against", o.against, "BINARY|self",
        "measure another stratbench beside this one, slice by slice in the same rounds, and "
        "compare (default: 60 rounds in 15 generations; a fifth of a --budget is kept to confirm "
        "regressions)");
    add_output(run, "--base-out", o.base_out,
               "results of the other, or none (default: results.base.json beside --out)");
    add_comparison_options(run, o.compared);

    run.add_flag("--benchmark_list_tests", o.list_tests, "print the names of the cells")
        ->group(google_benchmark);
    one("--benchmark_min_time", o.min_time, "S", "--trial-length in seconds")
        ->group(google_benchmark);
    one("--benchmark_repetitions", o.repetitions, "N", "--rounds")->group(google_benchmark);
    add_output(run, "--benchmark_out", o.benchmark_out, "--out")
        ->group(google_benchmark)
        ->excludes(out);
    one("--benchmark_out_format", o.benchmark_out_format, "json", "only json")
        ->group(google_benchmark);
}

run_options unified(run_options o) {
    if (!o.min_time.empty()) {
        o.min_time = length_of_min_time(o.min_time);
    }
    take_over(o.study, "--trial-length", o.min_time, "--benchmark_min_time");
    take_over(o.study, "--rounds", o.repetitions, "--benchmark_repetitions");
    if (!o.benchmark_out.empty()) {
        o.out = o.benchmark_out;
    }
    if (!o.benchmark_out_format.empty() && o.benchmark_out_format != "json") {
        throw usage_error(
            fmt::format("--benchmark_out_format '{}': accepted is json", o.benchmark_out_format));
    }
    return o;
}

}  // namespace stratbench
