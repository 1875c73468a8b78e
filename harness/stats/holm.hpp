#pragma once

#include <span>
#include <vector>

namespace stratbench {

/// Each of `p` as it counts among all of them: below alpha for any that is true by chance only,
/// with a probability of at most alpha. Source: Holm, Scandinavian Journal of Statistics 6 (1979).
std::vector<double> holm(std::span<const double> p);

}  // namespace stratbench
