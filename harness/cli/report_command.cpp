#include <fmt/format.h>
#include <unistd.h>

#include <memory>
#include <string>

#include "harness/cli/commands.hpp"
#include "harness/cli/terminal.hpp"
#include "harness/results/file.hpp"
#include "reports/html.hpp"
#include "reports/terminal.hpp"

namespace stratbench {
namespace {

constexpr const char* examples = R"(
Examples:
  stratbench report results.json                      the table again
  stratbench report results.json --html report.html   the page with charts again)";

int report(const std::string& results, const std::string& html) {
    const study_results study = load_results(results);
    if (html.empty()) {
        fmt::print("{}", terminal_report(study, wants_color(STDOUT_FILENO),
                                         terminal_width(STDOUT_FILENO)));
        return 0;
    }
    check_writable(html);
    write_atomically(html, html_report(study));
    return 0;
}

}  // namespace

command add_report(CLI::App& program) {
    CLI::App* const sub = program.add_subcommand("report", "make reports from a results file");
    sub->footer(examples);
    struct options {
        std::string results, html;
    };
    const auto o = std::make_shared<options>();
    sub->add_option("results", o->results, "a results file")->type_name("FILE")->required();
    sub->add_option("--html", o->html, "write the page with charts")->type_name("FILE");
    return [o] { return report(o->results, o->html); };
}

}  // namespace stratbench
