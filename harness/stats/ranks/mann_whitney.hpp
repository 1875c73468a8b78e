#pragma once

#include <span>

#include "harness/stats/ranks/one_sided.hpp"

namespace stratbench {

/// The probability that chance alone ranks `now` so high above (below) `base`: Mann and Whitney's
/// U. Exact for small samples (up to 20 + 20) without
/// ties; otherwise normal, corrected for ties and for continuity. 1 if all values are equal.
/// Precondition: neither is empty, all finite. Source: Mann and Whitney, Annals of Mathematical
/// Statistics 18 (1947).
one_sided mann_whitney_p(std::span<const double> base, std::span<const double> now);

}  // namespace stratbench
