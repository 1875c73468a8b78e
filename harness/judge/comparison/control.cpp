#include "harness/judge/comparison/control.hpp"

#include <cmath>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "harness/judge/comparison/shared_rounds.hpp"
#include "harness/stats/ranks/effect_test.hpp"

namespace stratbench {
namespace {

/// A cell and the control of its group, in one session.
struct beside {
    const measured_cell* control = nullptr;
    const measured_cell* cell = nullptr;

    /// The cell over its control in each generation, as logarithms; empty where they are too far
    /// apart.
    [[nodiscard]] std::vector<double> ratios(metric what) const {
        std::vector<double> all;
        for (const shared_round& both : shared_rounds(*control, *cell)) {
            if (const std::optional<double> difference = difference_of(both, what)) {
                if (!within_greatest_ratio(*difference)) {
                    return {};
                }
                all.push_back(*difference);
            }
        }
        return all;
    }
};

/// The cells of a session that have a control, which is not they themselves, by their names.
std::unordered_map<std::string_view, beside> with_controls(const measurement& session) {
    std::unordered_map<std::string_view, const measured_cell*> controls;
    for (const measured_cell& cell : session.cells) {
        if (cell.is_control) {
            controls.emplace(cell.group, &cell);
        }
    }
    std::unordered_map<std::string_view, beside> all;
    for (const measured_cell& cell : session.cells) {
        const auto found = controls.find(cell.group);
        if (found != controls.end() && !cell.is_control) {
            all.emplace(cell.name, beside{found->second, &cell});
        }
    }
    return all;
}

bool moved(const compared_metric& figure) {
    return figure.p && (figure.ci95.lo > 1 || figure.ci95.hi < 1);
}

}  // namespace

void hold_against_control(const measurement& base, const measurement& candidate, comparison& made) {
    const auto of_base = with_controls(base), of_candidate = with_controls(candidate);
    std::vector<std::pair<compared_metric*, effect_test>> all;
    for (compared_cell& cell : made.cells) {
        for (compared_metric& figure : cell.metrics) {
            figure.control_moved = cell.is_control && moved(figure);
        }
        const auto before = of_base.find(cell.name), now = of_candidate.find(cell.name);
        if (before == of_base.end() || now == of_candidate.end() ||
            before->second.control->name != now->second.control->name) {
            continue;
        }
        for (compared_metric& figure : cell.metrics) {
            const effect_test seen = test_samples(before->second.ratios(figure.figure),
                                                  now->second.ratios(figure.figure));
            if (seen.trials >= 2) {
                all.emplace_back(&figure, seen);
            }
        }
    }
    std::vector<effect_test*> tests;
    for (auto& [figure, seen] : all) {
        tests.push_back(&seen);
    }
    allow_for_memory(tests);
    for (const auto& [figure, seen] : all) {
        figure->beside_control =
            relative_change{std::exp(seen.change.value),
                            {std::exp(seen.change.ci95.lo), std::exp(seen.change.ci95.hi)}};
    }
}

}  // namespace stratbench
