#include "harness/trial/loop_lag.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace stratbench {
namespace {

/// The smallest value that `part` of the sorted ones do not exceed.
double quantile(const std::vector<std::int64_t>& sorted, double part) {
    const double rank = std::ceil(part * static_cast<double>(sorted.size()));
    return static_cast<double>(sorted[static_cast<std::size_t>(std::max(1.0, rank)) - 1]);
}

}  // namespace

void analyse_heartbeats(std::span<const heartbeat> beats, std::int64_t opened_ns,
                        trial_record& into) {
    if (beats.empty()) {
        return;
    }
    std::vector<std::int64_t> lags;
    for (const heartbeat& beat : beats) {
        lags.push_back(beat.lag_ns);
    }
    std::sort(lags.begin(), lags.end());
    into.front_end.loop_lag = lag_figures{beats.size(), quantile(lags, 0.5), quantile(lags, 0.99),
                                          static_cast<double>(lags.back())};

    const std::size_t step = (beats.size() + most_heartbeats - 1) / most_heartbeats;
    for (; !beats.empty(); beats = beats.subspan(std::min(step, beats.size()))) {
        const auto here = beats.first(std::min(step, beats.size()));
        const heartbeat& worst = *std::max_element(
            here.begin(), here.end(),
            [](const heartbeat& a, const heartbeat& b) { return a.lag_ns < b.lag_ns; });
        into.heartbeats.push_back({worst.due_ns - opened_ns, worst.lag_ns});
    }
}

}  // namespace stratbench
