#include "harness/judge/sanity.hpp"

#include <algorithm>
#include <cstddef>

#include "harness/model/labels.hpp"

namespace stratbench {

namespace {

/// So much above the limit is no rounding error.
constexpr double possible = 1.02;

bool surely_above(const std::optional<estimate>& figure, double limit) {
    return figure && figure->ci95 && figure->ci95->lo > possible * limit;
}

}  // namespace

bool faster_than_possible(const cell& what, const cell_summary& summary) {
    const double fastest = 1 + summary.speed_spread.value_or(0);
    return surely_above(summary.speed_up, what.cpus * fastest) ||
           surely_above(summary.efficiency, fastest);
}

bool hides_steal(const cell_result& cell) {
    constexpr double notable = 0.2;
    if (!(cell.summary.speed_spread.value_or(0) > notable)) {
        return false;
    }
    const auto stolen = std::ranges::count_if(cell.trials, [](const trial_record& trial) {
        return has_label(trial.labels, label::steal);
    });
    return 4 * static_cast<std::size_t>(stolen) <= cell.trials.size();
}

}  // namespace stratbench
