#include "harness/stats/sanity.hpp"

namespace stratbench::stats {

namespace {

/// So much above the limit is no rounding error.
constexpr double possible = 1.02;

bool surely_above(const std::optional<estimate>& figure, double limit) {
    return figure && figure->ci95 && figure->ci95->lo > possible * limit;
}

}  // namespace

bool faster_than_possible(const cell& what, const cell_summary& summary) {
    return surely_above(summary.speed_up, what.cpus) || surely_above(summary.efficiency, 1);
}

}  // namespace stratbench::stats
