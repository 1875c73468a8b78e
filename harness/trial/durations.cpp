#include "harness/trial/durations.hpp"

#include <algorithm>

namespace stratbench {

void durations::add(std::int64_t ns) {
    all_.record(ns);
    sum_ += static_cast<double>(ns);
    longest_ = std::max(longest_, ns);
}

void durations::add_censored(std::int64_t at_least_ns) {
    add(at_least_ns);
    lowest_bound_ = censored_ == 0 ? at_least_ns : std::min(lowest_bound_, at_least_ns);
    ++censored_;
}

void durations::merge(const durations& others) {
    all_.merge(others.all_);
    sum_ += others.sum_;
    longest_ = std::max(longest_, others.longest_);
    if (others.censored_ == 0) {
        return;
    }
    lowest_bound_ =
        censored_ == 0 ? others.lowest_bound_ : std::min(lowest_bound_, others.lowest_bound_);
    censored_ += others.censored_;
}

double durations::percentile(double percent) const {
    return static_cast<double>(std::min(all_.value_at_percentile(percent), longest_));
}

bool durations::is_bound(double percent) const {
    return censored_ != 0 && percentile(percent) >= static_cast<double>(lowest_bound_);
}

std::optional<distribution> durations::result() const {
    if (all_.count() == 0) {
        return std::nullopt;
    }
    distribution d;
    d.count = all_.count();
    d.censored = censored_;
    d.mean = sum_ / static_cast<double>(all_.count());
    d.max = static_cast<double>(longest_);
    d.p50 = percentile(50);
    d.p90 = percentile(90);
    d.p99 = percentile(99);
    d.p999 = percentile(99.9);
    if (censored_ != 0) {
        d.censored_from = static_cast<double>(lowest_bound_);
    }
    d.histogram_v2 = all_.encode();
    return d;
}

}  // namespace stratbench
