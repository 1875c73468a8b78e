#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>
#include <system_error>

#include "harness/cli/commands.hpp"
#include "harness/cli/terminal.hpp"
#include "harness/results/file.hpp"
#include "reports/hgrm.hpp"
#include "reports/html.hpp"
#include "reports/terminal.hpp"
#include "workloads/spec.hpp"

namespace stratbench {
namespace {

constexpr const char* examples = R"(
Examples:
  stratbench report results.json                      the table again
  stratbench report results.json --html report.html   the page with charts again
  stratbench report results.json --hgrm plots         latencies for HdrHistogram's plotter)";

struct options {
    std::string results, html, hgrm;
};

void write_hgrm(const study_results& study, const std::filesystem::path& folder) {
    const auto files = reports::hgrm_files(study);
    if (files.empty()) throw usage_error("--hgrm: these results hold no latency or service times");
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (!std::filesystem::is_directory(folder))
        throw usage_error(
            fmt::format("--hgrm: '{}' is not a folder and cannot be made one", folder.string()));
    for (const auto& [name, text] : files) check_writable(folder / name);
    for (const auto& [name, text] : files) write_atomically(folder / name, text);
}

/// The table, or the files that are asked for instead.
int report(const options& o) {
    const study_results study = load_results(o.results);
    if (o.html.empty() && o.hgrm.empty())
        fmt::print("{}", terminal_report(study, wants_color(STDOUT_FILENO),
                                         terminal_width(STDOUT_FILENO)));
    if (!o.html.empty()) check_writable(o.html);
    if (!o.hgrm.empty()) write_hgrm(study, o.hgrm);
    if (!o.html.empty()) write_atomically(o.html, html_report(study));
    return 0;
}

}  // namespace

command add_report(CLI::App& program) {
    CLI::App* const sub = program.add_subcommand("report", "make reports from a results file");
    sub->footer(examples);
    const auto o = std::make_shared<options>();
    sub->add_option("results", o->results, "a results file")->type_name("FILE")->required();
    sub->add_option("--html", o->html, "write the page with charts")->type_name("FILE");
    sub->add_option("--hgrm", o->hgrm,
                    "write each cell's latency and service times, in microseconds, as HdrHistogram "
                    "prints a distribution")
        ->type_name("DIR");
    return [o] { return report(*o); };
}

}  // namespace stratbench
