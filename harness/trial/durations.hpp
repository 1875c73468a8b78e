#pragma once

#include <cstdint>
#include <optional>

#include "harness/model/results.hpp"
#include "harness/stats/histogram/histogram.hpp"

namespace stratbench {

/// Durations, some of which are lower bounds; nanoseconds.
class durations {
  public:
    void add(std::int64_t ns);
    void add_censored(std::int64_t at_least_ns);
    void merge(const durations& others);

    [[nodiscard]] std::uint64_t count() const { return all_.count(); }
    /// Precondition: count() > 0.
    [[nodiscard]] double percentile(double percent) const;
    /// Whether that percentile is a lower bound, which the real one exceeds.
    [[nodiscard]] bool is_bound(double percent) const;
    /// The distribution of all; absent where there are no durations.
    [[nodiscard]] std::optional<distribution> result() const;

  private:
    histogram all_;
    double sum_ = 0;
    std::int64_t longest_ = 0;
    std::uint64_t censored_ = 0;
    std::int64_t lowest_bound_ = 0;
};

}  // namespace stratbench
