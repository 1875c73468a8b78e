#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "harness/stats/histogram/histogram.hpp"
#include "tests/oracle/simulation.hpp"

namespace stratbench::oracle {

/// The value that `percent` of `sorted` lie at or below.
inline std::int64_t percentile_of(const std::vector<std::int64_t>& sorted, double percent) {
    const double rank = std::ceil(percent / 100 * static_cast<double>(sorted.size()) - 1e-6);
    return sorted[static_cast<std::size_t>(std::max(1.0, rank)) - 1];
}

/// `reported` stands for `truth`: the upper end of the histogram's slot that holds it, or the
/// greatest value of all where that is less.
inline void expect_in_slot(double reported, std::int64_t truth, const char* what) {
    const auto slot =
        histogram_layout::range_of(histogram_layout::slot_of(static_cast<std::uint64_t>(truth)));
    EXPECT_GE(reported, static_cast<double>(truth)) << what;
    EXPECT_LE(reported, static_cast<double>(slot.highest())) << what;
}

inline void expect_percentiles_of(const distribution& reported, std::vector<std::int64_t> truth) {
    std::sort(truth.begin(), truth.end());
    EXPECT_EQ(reported.count, truth.size());
    expect_in_slot(reported.p50, percentile_of(truth, 50), "p50");
    expect_in_slot(reported.p90, percentile_of(truth, 90), "p90");
    expect_in_slot(reported.p99, percentile_of(truth, 99), "p99");
    expect_in_slot(reported.p999, percentile_of(truth, 99.9), "p99.9");
    EXPECT_EQ(reported.max, static_cast<double>(truth.back()));
    double sum = 0;
    for (const std::int64_t value : truth) {
        sum += static_cast<double>(value);
    }
    EXPECT_NEAR(reported.mean, sum / static_cast<double>(truth.size()), 1e-6 * reported.mean);
}

}  // namespace stratbench::oracle
