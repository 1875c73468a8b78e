#include "harness/cli/comparison_options.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "harness/base/files/standard_streams.hpp"
#include "harness/base/spec.hpp"
#include "harness/cli/path_options.hpp"
#include "harness/cli/terminal.hpp"
#include "harness/judge/comparison/comparability.hpp"
#include "harness/results/file.hpp"
#include "reports/comparison/junit.hpp"
#include "reports/comparison/markdown.hpp"
#include "reports/comparison/terminal.hpp"

namespace stratbench {
namespace {

metric parse_metric(const std::string& name) {
    std::vector<std::string_view> names;
    for (const metric_info& info : metrics) {
        if (info.name == name) {
            return info.id;
        }
        names.push_back(info.name);
    }
    throw usage_error(fmt::format("--fail-on '{}'{}; accepted are {}", name,
                                  suggestion(name, names), fmt::join(names, ", ")));
}

double parse_alpha(const std::string& text) {
    const std::optional<double> alpha = read_number(text);
    constexpr double least = 1e-9;  // no study has the generations to decide anything below
    if (!alpha || !(*alpha >= least) || *alpha > 0.5) {
        throw usage_error(fmt::format(
            "--alpha '{}': accepted are probabilities from {} to 0.5, as in 0.01", text, least));
    }
    return *alpha;
}

void require_known_cells(const std::vector<std::string>& ignored, const measurement& base,
                         const measurement& candidate) {
    std::vector<std::string_view> known;
    for (const measurement* side : {&base, &candidate}) {
        for (const measured_cell& cell : side->cells) {
            known.emplace_back(cell.name);
        }
    }
    for (const std::string& name : ignored) {
        if (std::find(known.begin(), known.end(), name) == known.end()) {
            throw usage_error(fmt::format("--ignore '{}': there is no such cell{}", name,
                                          suggestion(name, known)));
        }
    }
}

/// ": NAME: in the new one: skipped: ..."; empty where no cell has one.
std::string first_obstacle(const comparison& found) {
    const auto cell = std::ranges::find_if(found.cells, [](const compared_cell& each) {
        return !each.ignored && !each.not_compared.empty();
    });
    return cell == found.cells.end() ? "" : fmt::format(": {}: {}", cell->name, cell->not_compared);
}

}  // namespace

void add_comparison_options(CLI::App& sub, comparison_choices& o) {
    const char* const group = "Comparison";
    const auto one = [&](const char* name, std::string& into, const char* type, const char* help) {
        sub.add_option(name, into, help)->type_name(type)->group(group);
    };
    sub.add_option("--fail-on", o.fail_on,
                   "what decides the exit code: throughput, p50, p90, p99, p99.9, cpu, memory or "
                   "startup, several with commas (default: p50 of open loads with a rate, else "
                   "throughput)")
        ->type_name("METRIC,...")
        ->delimiter(',')
        ->group(group);
    sub.add_option("--ignore", o.ignore,
                   "a cell that is shown but decides nothing; may be repeated")
        ->type_name("CELL")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->group(group);
    one("--min-effect", o.min_effect, "P%", "smaller changes are nobody's concern (default: 3%)");
    one("--alpha", o.alpha, "P",
        "probability of a false alarm of the whole comparison (default: 0.01)");
    sub.add_flag("--strict", o.strict, "exit 3 where the comparison is inconclusive")->group(group);
    sub.add_flag("--allow-environment-change", o.allow_environment_change,
                 "compare although machine, build type, workloads or rates differ")
        ->group(group);
    add_output(sub, "--markdown", o.markdown,
               "write the comparison as a comment for a pull request")
        ->group(group);
    add_output(sub, "--junit", o.junit, "write the comparison as a list of tests in JUnit's XML")
        ->group(group);
}

comparison_options make_comparison_options(const comparison_choices& o) {
    comparison_options options;
    for (const std::string& name : o.fail_on) {
        options.fail_on.push_back(parse_metric(name));
    }
    if (!o.min_effect.empty()) {
        options.min_effect = parse_percent(o.min_effect, "--min-effect");
    }
    if (!o.alpha.empty()) {
        options.alpha = parse_alpha(o.alpha);
    }
    return options;
}

void check_choices(const comparison_choices& o, const measurement& base,
                   const measurement& candidate) {
    require_known_cells(o.ignore, base, candidate);
}

std::vector<difference> accepted_differences(const comparison_choices& o, const measurement& base,
                                             const measurement& candidate) {
    std::vector<difference> found = differences_of(base, candidate);
    if (!found.empty() && !o.allow_environment_change) {
        throw usage_error(fmt::format("not comparable: {}; see --allow-environment-change",
                                      in_one_line(found, base.file, candidate.file)));
    }
    return found;
}

void add_comparison_files(const comparison_choices& o, command_files& files) {
    files.writes("--markdown", o.markdown);
    files.writes("--junit", o.junit);
}

void report_comparison(const comparison& found, const comparison_choices& o, command_files& files,
                       bool print) {
    if (files.to("--markdown") != nullptr) {
        files.keep("--markdown", markdown_comparison(found));
    }
    if (files.to("--junit") != nullptr) {
        files.keep("--junit", junit_comparison(found, o.strict));
    }
    if (print && files.table_wanted()) {
        say(terminal_comparison(found, wants_color(STDOUT_FILENO), terminal_width(STDOUT_FILENO)));
    }
}

int exit_code_of(const comparison& found, const comparison_choices& o) {
    if (found.gated == 0 && found.failed().empty()) {
        throw usage_error("there is nothing that the gate could look at" + first_obstacle(found));
    }
    switch (found.overall()) {
        case verdict::regressed:
            return 1;
        case verdict::inconclusive:
            return o.strict ? 3 : 0;
        case verdict::improved:
        case verdict::same:
            break;
    }
    return 0;
}

}  // namespace stratbench
