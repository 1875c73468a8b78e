#include "reports/comparison/self_test.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <optional>

#include "harness/base/counted.hpp"
#include "reports/comparison/wording.hpp"
#include "reports/text/format.hpp"
#include "reports/text/terminal_text.hpp"

namespace stratbench {
namespace {

std::string rounds_of(const self_test_report& found) {
    std::string text = counted(found.rounds, "pair") + " of generations";
    if (found.measuring_s > 0) {
        text += " in " + duration(found.measuring_s * 1e9);
    }
    return text;
}

std::string verdict_line(const self_test_report& found) {
    if (!found.impossible.empty()) {
        return found.impossible;
    }
    if (found.rounds < found.rounds_needed) {
        return fmt::format("{} cannot decide {}: use {}", rounds_of(found),
                           counted(found.gated, "comparison"), found.rounds_needed);
    }
    const std::optional<double> detectable = found.detectable();
    if (!detectable) {
        return rounds_of(found) + " do not say what they could see";
    }
    const std::string seen = what_is_seen(*detectable);
    return *detectable > blind
               ? fmt::format("{} see {}: no gate can stand on them", rounds_of(found), seen)
               : fmt::format("{} see a slowdown of {} four times in five", rounds_of(found), seen);
}

std::string alarms_line(const self_test_report& found) {
    return fmt::format(
        "false alarms: {} of {} comparisons of the build with itself, {} [{}, {}]; asked for at "
        "most {}",
        found.alarms, found.relabelled, percent(found.false_alarms),
        percent(found.false_alarms_ci95.lo), percent(found.false_alarms_ci95.hi),
        percent(found.options.alpha));
}

std::string line_of(const self_test_report::cell& cell, double min_effect) {
    std::string text = fmt::format("{}: {}", about(cell.figure).name,
                                   change_of(cell.figure, {cell.ratio, cell.ci95}));
    if (cell.spread) {
        text += fmt::format("; generations differ by {}", percent(*cell.spread));
    }
    if (cell.detectable) {
        text += fmt::format("; sees {}", what_is_seen(*cell.detectable));
    }
    if (cell.rounds_for_min_effect) {
        text += fmt::format("; to see {} takes {}", percent(min_effect),
                            counted(*cell.rounds_for_min_effect, "generation"));
        if (cell.seconds_for_min_effect) {
            text += fmt::format(", {}", duration(*cell.seconds_for_min_effect * 1e9));
        }
    }
    return text;
}

}  // namespace

std::string terminal_self_test(const self_test_report& found, bool color, int width) {
    const paint ink(color);
    const std::size_t room = width > 40 ? static_cast<std::size_t>(width) : 40;
    std::string text;
    for (const std::string& line : wrapped(printable(verdict_line(found)), room, 2)) {
        text += ink.bold(line) + "\n";
    }
    if (!found.impossible.empty()) {
        return text;
    }
    const auto add = [&](const std::string& sentence) {
        for (const std::string& line : wrapped(printable(sentence), room, 2)) {
            text += line + "\n";
        }
    };
    add(alarms_line(found));
    if (found.as_measured == verdict::regressed) {
        text += ink.red("as it was measured it would have been an alarm") + "\n";
    }
    text += "\n";
    for (const self_test_report::cell& cell : found.cells) {
        text += printable(cell.name) + "\n";
        for (const std::string& line :
             wrapped(printable(line_of(cell, found.options.min_effect)), room - 2, 2)) {
            text += "  " + line + "\n";
        }
    }
    for (const std::string& line : found.left_out) {
        add("not compared: " + line);
    }
    text += "\n";
    if (!found.interleaved) {
        add("generations of one study, each held against the next: run --against self keeps pairs "
            "closer together");
    }
    if (!found.caveat.empty()) {
        add(found.caveat);
    }
    return text;
}

}  // namespace stratbench
