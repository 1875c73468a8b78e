#include "harness/trial/durations.hpp"

#include <algorithm>

namespace stratbench {

void durations::add(std::int64_t ns) {
    all.record(ns);
    sum += static_cast<double>(ns);
    longest = std::max(longest, ns);
}

void durations::add_censored(std::int64_t at_least_ns) {
    add(at_least_ns);
    lowest_bound = censored == 0 ? at_least_ns : std::min(lowest_bound, at_least_ns);
    ++censored;
}

void durations::merge(const durations& others) {
    all.merge(others.all);
    sum += others.sum;
    longest = std::max(longest, others.longest);
    if (others.censored == 0) return;
    lowest_bound =
        censored == 0 ? others.lowest_bound : std::min(lowest_bound, others.lowest_bound);
    censored += others.censored;
}

double durations::percentile(double percent) const {
    return static_cast<double>(std::min(all.value_at_percentile(percent), longest));
}

bool durations::is_bound(double percent) const {
    return censored != 0 && percentile(percent) >= static_cast<double>(lowest_bound);
}

std::optional<distribution> durations::result() const {
    if (all.count() == 0) return std::nullopt;
    distribution d;
    d.count = all.count();
    d.censored = censored;
    d.mean = sum / static_cast<double>(all.count());
    d.max = static_cast<double>(longest);
    d.p50 = percentile(50);
    d.p90 = percentile(90);
    d.p99 = percentile(99);
    d.p999 = percentile(99.9);
    if (censored != 0) d.censored_from = static_cast<double>(lowest_bound);
    d.histogram_v2 = all.encode();
    return d;
}

}  // namespace stratbench
