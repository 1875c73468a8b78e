#pragma once

#include <algorithm>
#include <span>
#include <vector>

namespace stratbench {

inline std::vector<double> ascending(std::span<const double> values) {
    std::vector<double> sorted(values.begin(), values.end());
    std::sort(sorted.begin(), sorted.end());
    return sorted;
}

}  // namespace stratbench
