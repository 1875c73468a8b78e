#include "harness/stats/holm.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace stratbench {

std::vector<double> holm(std::span<const double> p) {
    std::vector<std::size_t> order(p.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
    std::vector<double> adjusted(p.size());
    double greatest = 0;
    auto left = static_cast<double>(p.size());
    for (const std::size_t i : order) {
        greatest = std::max(greatest, std::min(1.0, p[i] * left));
        adjusted[i] = greatest;
        --left;
    }
    return adjusted;
}

}  // namespace stratbench
