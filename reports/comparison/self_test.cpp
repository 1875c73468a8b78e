#include "reports/comparison/self_test.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

#include "reports/comparison/table.hpp"
#include "reports/format.hpp"
#include "reports/terminal_text.hpp"

namespace stratbench {
namespace {

using namespace reports;

std::string trust_in(const self_test_report& report) {
    if (report.rounds < report.rounds_needed)
        return fmt::format("{} cannot decide {} at {}: use {}",
                           counted(static_cast<std::size_t>(report.rounds), "round"),
                           counted(static_cast<std::size_t>(report.gated), "comparison"),
                           report.asked.alpha, report.rounds_needed);
    if (const auto detectable = report.detectable())
        return fmt::format("{} on this machine can stand guard against slowdowns of {} and more",
                           counted(static_cast<std::size_t>(report.rounds), "round"),
                           percent(*detectable));
    return "too few rounds to say what this machine could see";
}

std::string alarms_of(const self_test_report& report) {
    return fmt::format(
        "false alarms: {} of {} comparisons of the build with itself, {} [{}, {}]; asked for: at "
        "most {}; {}",
        report.alarms, report.relabelled, percent(report.false_alarms),
        percent(report.false_alarms_ci95.lo), percent(report.false_alarms_ci95.hi),
        percent(report.asked.alpha), report.caveat);
}

std::string line_of(const self_test_report::cell& cell, const self_test_report& report) {
    std::string line = fmt::format("{}, {}: ", cell.name, about(cell.what).name);
    if (cell.spread) line += fmt::format("a round scatters by {}; ", percent(*cell.spread));
    if (cell.detectable) {
        line += fmt::format("{} of them see a slowdown of {} four times in five", report.rounds,
                            percent(*cell.detectable));
    } else {
        line += "what would be seen is unknown";
    }
    if (cell.rounds_for_min_effect) {
        line +=
            fmt::format("; one of {} takes {}", percent(report.asked.min_effect),
                        counted(static_cast<std::size_t>(*cell.rounds_for_min_effect), "round"));
        if (cell.seconds_for_min_effect)
            line += fmt::format(", about {}", duration(*cell.seconds_for_min_effect * 1e9));
    }
    return line;
}

}  // namespace

std::string terminal_self_test(const self_test_report& report, bool color, int width) {
    const paint ink(color);
    const std::size_t room = width > 40 ? static_cast<std::size_t>(width) : 40;
    std::string text;
    const auto paragraph = [&](const std::string& words) {
        for (const std::string& line : wrapped(printable(words), room, 2)) text += line + "\n";
    };
    if (!report.impossible.empty()) {
        paragraph(report.impossible);
        return text;
    }
    for (const std::string& line : wrapped(printable(trust_in(report)), room, 2))
        text += ink.bold(line) + "\n";
    paragraph(alarms_of(report));
    paragraph(fmt::format(
        "as measured: {}; {}", name_of(report.as_measured),
        report.interleaved ? "two interleaved arms" : "each round held against the next one"));
    text += "\n";
    for (const self_test_report::cell& cell : report.cells) paragraph(line_of(cell, report));
    return text;
}

}  // namespace stratbench
