#pragma once

#include <optional>

namespace stratbench {

/// An interval of confidence; both ends belong to it.
struct interval {
    double lo = 0;
    double hi = 0;

    bool operator==(const interval&) const = default;
};

/// A figure of a cell: the median of its trials' figures, and a 95 % interval across trials where
/// there are at least two.
struct estimate {
    double value = 0;
    std::optional<interval> ci95;

    bool operator==(const estimate&) const = default;
};

}  // namespace stratbench
