#include "tests/rates/tally.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "harness/stats/median.hpp"

namespace stratbench {
namespace {

std::string percent(double part) {
    return fmt::format("{:.1f} %", 100 * part);
}

}  // namespace

gate_run summary_of(const comparison& found) {
    gate_run run;
    run.result = found.overall();
    run.rounds = std::max(found.base.rounds, found.candidate.rounds);
    for (const compared_cell& cell : found.cells) {
        for (const compared_metric& m : cell.metrics) {
            if (!m.gated) {
                continue;
            }
            run.times_worse.push_back(m.times_worse());
            run.detectable = run.detectable && m.detectable
                                 ? std::optional(std::max(*run.detectable, *m.detectable))
                                 : std::nullopt;
        }
    }
    return run;
}

std::vector<std::string> tally_heading(double wanted) {
    return {"new build",
            "runs",
            "regressed",
            "same",
            "improved",
            "inconclusive",
            fmt::format("blind to {:.0f} %", 100 * wanted),
            "detectable",
            "at most"};
}

std::vector<std::string> tally(std::string_view kind, std::span<const gate_run> runs,
                               double wanted) {
    const auto count = [&](auto&& which) {
        return std::to_string(std::ranges::count_if(runs, which));
    };
    const auto result = [&](verdict what) {
        return count([=](const gate_run& run) { return run.result == what; });
    };
    std::vector<double> detectable;
    for (const gate_run& run : runs) {
        if (run.detectable) {
            detectable.push_back(*run.detectable);
        }
    }
    const bool known = !detectable.empty();
    return {std::string(kind),
            std::to_string(runs.size()),
            result(verdict::regressed),
            result(verdict::same),
            result(verdict::improved),
            result(verdict::inconclusive),
            count([=](const gate_run& run) {
                return run.result == verdict::inconclusive && run.detectable.value_or(1) > wanted;
            }),
            known ? percent(median(detectable)) : "-",
            known ? percent(std::ranges::max(detectable)) : "-"};
}

}  // namespace stratbench
