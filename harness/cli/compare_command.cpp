#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "harness/base/files/file_identity.hpp"
#include "harness/base/files/standard_streams.hpp"
#include "harness/base/spec.hpp"
#include "harness/cli/command_files.hpp"
#include "harness/cli/commands.hpp"
#include "harness/cli/comparison_options.hpp"
#include "harness/cli/path_options.hpp"
#include "harness/cli/terminal.hpp"
#include "harness/judge/comparison/comparability.hpp"
#include "harness/judge/comparison/gate_scope.hpp"
#include "harness/judge/comparison/self_test.hpp"
#include "harness/results/file.hpp"
#include "harness/results/measurement_file.hpp"
#include "reports/comparison/page.hpp"
#include "reports/comparison/self_test.hpp"

namespace stratbench {
namespace {

constexpr const char* compare_examples = R"(
Examples:
  stratbench compare base.json new.json                    each cell by its primary figure
  stratbench compare base.json new.json --fail-on throughput,p99 --markdown comment.md
  stratbench compare base.json new.json --html page.html   ratios, rounds and latency curves
  stratbench compare base.json new.json --ignore 'sync/noop/batch:1000/workers:1/real_time'
  stratbench compare --self-test results.json              how far to trust this machine
  stratbench compare --self-test base.json new.json        the same, of run --against self

Two files that `run --against` has made are compared round by round. Two files of different sessions
are not: what they show is marked as unconfirmed, and a change below 10 % decides nothing; what is
left of it beside sync, the control, is shown and decides nothing either. Files of Google Benchmark
are compared by their times.

Exit code: 0 no regression; 1 regression, or the new build failed; 2 error, files that are not
comparable, or nothing that the gate could look at; with --strict also 3 where it is inconclusive.)";

struct compare_options {
    std::vector<std::string> files;
    bool self_test = false;
    std::string html;
    comparison_choices choices;
};

/// Both at once: each file is read on a thread of its own.
std::pair<measurement, measurement> load_both(const std::string& base, const std::string& candidate,
                                              read_as what) {
    auto later = std::async(std::launch::async, [&] { return load_measurement(candidate, what); });
    measurement first = load_measurement(base, what);
    return {std::move(first), later.get()};
}

std::pair<measurement, measurement> load_alike(const std::string& base,
                                               const std::string& candidate) {
    auto both = load_both(base, candidate, read_as::what_it_is);
    if (identity_of(base) == identity_of(candidate)) {
        throw usage_error(fmt::format("{} and {} are the same file, in which nothing can differ",
                                      base, candidate));
    }
    if (both.first.foreign == both.second.foreign) {
        return both;
    }
    return load_both(base, candidate, read_as::benchmark_rows);
}

using names = std::unordered_set<std::string_view>;

names names_in(const measurement& side) {
    names result;
    for (const measured_cell& cell : side.cells) {
        result.insert(cell.name);
    }
    return result;
}

std::size_t most_trials(const measurement& side, const names& of) {
    std::size_t most = 0;
    for (const measured_cell& cell : side.cells) {
        if (of.contains(cell.name)) {
            most = std::max(most, cell.trials.size());
        }
    }
    return most;
}

void require_cells(const measurement& side) {
    if (side.cells.empty()) {
        throw usage_error(side.file + ": has no cells");
    }
}

/// How the tool that made a file is told to measure more than once.
std::string_view advice_to_repeat(const measurement& side) {
    return side.foreign ? "--benchmark_repetitions=15 or more" : "--rounds 15 or more";
}

bool has_failed(const measurement& side, const names& of) {
    return std::ranges::any_of(side.cells, [&](const measured_cell& cell) {
        return of.contains(cell.name) && !cell.failure.empty();
    });
}

/// What makes any comparison senseless. A new build that failed needs no figures to be judged.
void require_enough(const measurement& base, const measurement& candidate) {
    names common = names_in(base);
    const names in_candidate = names_in(candidate);
    std::erase_if(common, [&](std::string_view name) { return !in_candidate.contains(name); });
    if (common.empty()) {
        throw usage_error(fmt::format(
            "{} and {} have no cell in common: the first has '{}', the "
            "second '{}'",
            base.file, candidate.file, base.cells.front().name, candidate.cells.front().name));
    }
    for (const measurement* side : {&base, &candidate}) {
        const std::size_t most = most_trials(*side, common);
        if (most >= 2 || (side == &candidate && has_failed(candidate, common))) {
            continue;
        }
        throw usage_error(
            most == 0 ? side->file + ": no cell that both have has a trial that is ok"
                      : fmt::format("{}: one trial of a cell says nothing about its scatter; "
                                    "measure with {}",
                                    side->file, advice_to_repeat(*side)));
    }
}

/// With the latency curves of both files, which the comparison itself has no need of.
std::string page_of(const comparison& found, const compare_options& o, bool foreign) {
    if (foreign) {
        return html_comparison(found);
    }
    const study_results base = load_results(o.files[0]), candidate = load_results(o.files[1]);
    return html_comparison(found, &base, &candidate);
}

/// What the command reads and writes.
command_files files_of(const compare_options& o) {
    command_files files;
    for (const std::string& path : o.files) {
        files.reads("results", path);
    }
    files.writes("--html", o.html);
    add_comparison_files(o.choices, files);
    return files;
}

int compare(const compare_options& o) {
    if (o.files.size() != 2) {
        throw usage_error("compare takes two files: base and new");
    }
    const comparison_options options = make_comparison_options(o.choices);
    command_files files = files_of(o);
    const auto [base, candidate] = load_alike(o.files[0], o.files[1]);
    for (const measurement* side : {&base, &candidate}) {
        require_cells(*side);
    }
    check_choices(o.choices, base, candidate);
    const std::vector<difference> differences = accepted_differences(o.choices, base, candidate);
    require_enough(base, candidate);
    comparisons_of_gate(gateable_cells(base, candidate), options, o.choices.ignore);
    comparison found = compare(base, candidate, options, o.choices.ignore);
    found.differences = differences;
    if (files.to("--html") != nullptr) {
        files.write("--html", page_of(found, o, base.foreign));
    }
    report_comparison(found, o.choices, files, true);
    return files.exit_code(exit_code_of(found, o.choices));
}

/// What is asked of a comparison, but for how it is judged.
void refuse_beside_self_test(const compare_options& o) {
    comparison_choices judged;
    judged.fail_on = o.choices.fail_on;
    judged.min_effect = o.choices.min_effect;
    judged.alpha = o.choices.alpha;
    if (o.html.empty() && o.choices == judged) {
        return;
    }
    throw usage_error(
        "--self-test compares a build with itself: only --fail-on, --min-effect and --alpha may be "
        "given beside it");
}

/// The same that a comparison of the two asks for, and that rounds of one number belong together:
/// files of Google Benchmark do not tell.
void require_pairs(const measurement& one, const measurement& other) {
    for (const measurement* side : {&one, &other}) {
        require_cells(*side);
    }
    const std::vector<difference> found = differences_of(one, other);
    if (!found.empty()) {
        throw usage_error("not comparable: " + in_one_line(found, one.file, other.file));
    }
    require_enough(one, other);
    if (!one.foreign && one.info.id != other.info.id) {
        throw usage_error(fmt::format(
            "{} and {} are of two studies, whose generations are no pairs; accepted are the two "
            "files of one run --against self, or one file alone",
            one.file, other.file));
    }
}

/// Each of its pairs takes two rounds.
void require_two_pairs(const measurement& once) {
    require_cells(once);
    if (most_trials(once, names_in(once)) < 4) {
        throw usage_error(fmt::format("{}: a self-test needs four rounds or more; measure with {}",
                                      once.file, advice_to_repeat(once)));
    }
}

int self_test(const compare_options& o) {
    refuse_beside_self_test(o);
    const comparison_options options = make_comparison_options(o.choices);
    self_test_report report;
    if (o.files.size() == 2) {
        const auto [one, other] = load_alike(o.files[0], o.files[1]);
        require_pairs(one, other);
        comparisons_of_gate(gateable_cells(one, other), options, {});
        report = self_test(one, other, options);
    } else {
        const measurement once = load_measurement(o.files.front());
        require_two_pairs(once);
        comparisons_of_gate(gateable_cells(once, once), options, {});
        report = self_test(once, options);
    }
    if (!report.impossible.empty()) {
        throw usage_error(o.files.front() + ": " + report.impossible);
    }
    say(terminal_self_test(report, wants_color(STDOUT_FILENO), terminal_width(STDOUT_FILENO)));
    return 0;
}

}  // namespace

command add_compare(CLI::App& program) {
    CLI::App* const sub =
        program.add_subcommand("compare", "hold one results file against another");
    sub->footer(compare_examples);
    const auto o = std::make_shared<compare_options>();
    sub->add_option("files", o->files, "results files: base and new")
        ->type_name("FILE")
        ->required()
        ->expected(1, 2);
    sub->add_flag("--self-test", o->self_test,
                  "what a comparison makes of a build and itself: false alarms, and the smallest "
                  "slowdown that would be seen");
    add_output(*sub, "--html", o->html, "write the comparison as a page with charts");
    add_comparison_options(*sub, o->choices);
    return [o] { return o->self_test ? self_test(*o) : compare(*o); };
}

}  // namespace stratbench
