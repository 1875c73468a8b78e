#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "harness/base/files/standard_streams.hpp"
#include "harness/base/spec.hpp"
#include "harness/cli/command_files.hpp"
#include "harness/cli/commands.hpp"
#include "harness/cli/path_options.hpp"
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

/// The distributions, by their paths, as files of the command. Makes the folder.
std::vector<std::pair<std::string, std::string>> add_hgrm(const study_results& study,
                                                          const std::string& folder,
                                                          command_files& files) {
    auto all = hgrm_files(study);
    if (all.empty()) {
        throw usage_error("--hgrm: these results hold no latency or service times");
    }
    if (folder == "-") {
        throw usage_error("--hgrm '-': accepted is a folder");
    }
    files.reads("--hgrm", folder);  // no output is the folder itself
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (!std::filesystem::is_directory(folder, failed)) {
        throw usage_error(
            fmt::format("--hgrm: '{}' is not a folder and cannot be made one", folder));
    }
    for (auto& [name, text] : all) {
        name = std::filesystem::path(folder) / name;
        files.writes(name, name);
    }
    return all;
}

/// The table, or the files that are asked for instead.
int report(const report_options& o) {
    command_files files;
    files.reads("results", o.results);
    for (std::size_t i = 0; i < o.files.size(); ++i) {
        files.writes(file_reports[i].option, o.files[i]);
    }
    const study_results study = load_results(o.results);
    if (std::ranges::none_of(o.files, wanted) && !wanted(o.hgrm)) {
        say(terminal_report(study, wants_color(STDOUT_FILENO), terminal_width(STDOUT_FILENO)));
    }
    if (wanted(o.hgrm)) {
        for (const auto& [name, text] : add_hgrm(study, o.hgrm, files)) {
            files.write(name, text);
        }
    }
    for (const file_report& each : file_reports) {
        if (files.to(each.option) != nullptr) {
            files.write(each.option, each.text(study));
        }
    }
    return files.exit_code(0);
}

}  // namespace

command add_report(CLI::App& program) {
    CLI::App* const sub = program.add_subcommand("report", "make reports from a results file");
    sub->footer(report_examples);
    const auto o = std::make_shared<report_options>();
    add_input(*sub, "results", o->results, "a results file")->required();
    for (std::size_t i = 0; i < file_reports.size(); ++i) {
        add_output(*sub, file_reports[i].option, o->files[i], file_reports[i].help);
    }
    add_folder(*sub, "--hgrm", o->hgrm,
               "write each cell's latency and service times, in microseconds, as HdrHistogram "
               "prints a distribution");
    return [o] { return report(*o); };
}

}  // namespace stratbench
