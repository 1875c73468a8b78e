#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>

#include "harness/base/file.hpp"
#include "harness/base/spec.hpp"
#include "harness/cli/commands.hpp"
#include "harness/cli/terminal.hpp"
#include "harness/results/file.hpp"
#include "reports/export/bmf.hpp"
#include "reports/export/csv.hpp"
#include "reports/export/gbench.hpp"
#include "reports/export/github.hpp"
#include "reports/export/markdown.hpp"
#include "reports/study/hgrm.hpp"
#include "reports/study/html.hpp"
#include "reports/study/terminal.hpp"

namespace stratbench {
namespace {

constexpr const char* report_examples = R"(
Examples:
  stratbench report results.json                      the table again
  stratbench report results.json --html report.html   the page with charts again
  stratbench report results.json --hgrm plots         latencies for HdrHistogram's plotter
  stratbench report results.json --markdown answer.md the answer for a comment or a page of notes
  stratbench report results.json --csv trials.csv     a line for each trial)";

/// A report that is one file.
struct file_report {
    const char* option;
    const char* help;
    std::string (*text)(const study_results&);
};

constexpr std::array file_reports{
    file_report{"--html", "write the page with charts", html_report},
    file_report{"--markdown", "write the answer: headline, table and sentences",
                markdown_of_answers},
    file_report{"--csv", "write every trial as a line of a table", csv_of_trials},
    file_report{"--gbench",
                "write Google Benchmark's JSON with one row for each cell, for tools that do not "
                "read repetitions",
                gbench_one_row_each},
    file_report{"--github", "write what github-action-benchmark reads as customSmallerIsBetter",
                github_benchmarks},
    file_report{"--bmf", "write Bencher's metric format", bmf}};

struct report_options {
    std::string results, hgrm;
    /// By position in `file_reports`; empty where it was not asked for.
    std::array<std::string, file_reports.size()> files;
};

void write_hgrm(const study_results& study, const std::filesystem::path& folder) {
    const auto files = hgrm_files(study);
    if (files.empty()) {
        throw usage_error("--hgrm: these results hold no latency or service times");
    }
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (!std::filesystem::is_directory(folder)) {
        throw usage_error(
            fmt::format("--hgrm: '{}' is not a folder and cannot be made one", folder.string()));
    }
    for (const auto& [name, text] : files) {
        check_writable(folder / name);
    }
    for (const auto& [name, text] : files) {
        write_atomically(folder / name, text);
    }
}

/// The table, or the files that are asked for instead.
int report(const report_options& o) {
    const study_results study = load_results(o.results);
    const auto asked = [](const std::string& path) { return !path.empty(); };
    if (std::none_of(o.files.begin(), o.files.end(), asked) && o.hgrm.empty()) {
        fmt::print("{}", terminal_report(study, wants_color(STDOUT_FILENO),
                                         terminal_width(STDOUT_FILENO)));
    }
    for (const std::string& path : o.files) {
        if (!path.empty()) {
            check_writable(path);
        }
    }
    if (!o.hgrm.empty()) {
        write_hgrm(study, o.hgrm);
    }
    for (std::size_t i = 0; i < o.files.size(); ++i) {
        if (!o.files[i].empty()) {
            write_atomically(o.files[i], file_reports[i].text(study));
        }
    }
    return 0;
}

}  // namespace

command add_report(CLI::App& program) {
    CLI::App* const sub = program.add_subcommand("report", "make reports from a results file");
    sub->footer(report_examples);
    const auto o = std::make_shared<report_options>();
    sub->add_option("results", o->results, "a results file")->type_name("FILE")->required();
    for (std::size_t i = 0; i < file_reports.size(); ++i) {
        sub->add_option(file_reports[i].option, o->files[i], file_reports[i].help)
            ->type_name("FILE");
    }
    sub->add_option("--hgrm", o->hgrm,
                    "write each cell's latency and service times, in microseconds, as HdrHistogram "
                    "prints a distribution")
        ->type_name("DIR");
    return [o] { return report(*o); };
}

}  // namespace stratbench
