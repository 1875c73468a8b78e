#include "reports/comparison/wording.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "reports/text/format.hpp"

namespace stratbench {
namespace {

constexpr std::array<std::string_view, 4> verdict_names{"regressed", "improved", "same",
                                                        "inconclusive"};

bool is_amount(metric what) {
    return what == metric::cpu || what == metric::memory;
}

/// By how much a metric that became `times` times as bad is worse; or, seen from the other side, by
/// how much it is better.
double part(metric what, double times, bool seen_as_worse) {
    if (seen_as_worse) {
        return times - 1;
    }
    return is_amount(what) ? 1 - times : 1 / times - 1;
}

std::string_view direction(metric what, bool worse) {
    if (is_amount(what)) {
        return worse ? "more" : "less";
    }
    return worse ? "slower" : "faster";
}

/// A part that would be written as 0.0 % has no direction.
constexpr double shown_as_nothing = 0.0005;

std::string one_decimal(double part) {
    // No "-0.0".
    const double percent = std::abs(part) < shown_as_nothing ? 0 : 100 * part;
    constexpr double most = 1e6;
    if (!(std::abs(percent) < most)) {
        return percent > 0 ? "> 1000000" : "< -1000000";
    }
    return fmt::format("{:.{}f}", percent, std::abs(percent) < 99.95 ? 1 : 0);
}

}  // namespace

std::string shown(const std::string& cell) {
    static constexpr std::string_view last = "/real_time";
    return cell.ends_with(last) ? cell.substr(0, cell.size() - last.size()) : cell;
}

std::string what_is_seen(double detectable) {
    return detectable > blind ? "nothing below " + percent(blind)
                              : percent(detectable) + " or more";
}

std::string_view name_of(verdict result) {
    return verdict_names.at(static_cast<std::size_t>(result));
}

std::string figure_of(metric what, double value) {
    if (!std::isfinite(value)) {
        return "-";
    }
    if (what == metric::throughput) {
        return quantity(value) + "/s";
    }
    if (what == metric::memory) {
        return bytes(static_cast<std::uint64_t>(value));
    }
    return duration(value);
}

std::string change_of(metric what, double ratio) {
    const double times = times_worse(what, ratio);
    const bool worse = times >= 1;
    if (std::abs(part(what, times, worse)) < shown_as_nothing) {
        return "no change";
    }
    return fmt::format("{} % {}", one_decimal(part(what, times, worse)), direction(what, worse));
}

std::string change_of(metric what, const relative_change& change) {
    std::string text = change_of(what, change.ratio);
    if (change.ci95.lo == change.ci95.hi) {
        return text;
    }
    const bool worse = times_worse(what, change.ratio) >= 1;
    double lo = part(what, times_worse(what, change.ci95.lo), worse);
    double hi = part(what, times_worse(what, change.ci95.hi), worse);
    if (lo > hi) {
        std::swap(lo, hi);
    }
    return text + fmt::format(" [{}, {}]", one_decimal(lo), one_decimal(hi));
}

std::string change_of(const compared_metric& figure) {
    return change_of(figure.figure, {figure.ratio, figure.ci95});
}

}  // namespace stratbench
