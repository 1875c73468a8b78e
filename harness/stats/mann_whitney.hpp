#pragma once

#include <span>

namespace stratbench::stats {

/// The probability that chance alone ranks `now` as high above `base` as it is: Mann and Whitney's
/// U, one-sided, small where `now` is the greater. Exact for small samples (up to 20 + 20) without
/// ties; otherwise normal, corrected for ties and for continuity. 1 if all values are equal.
/// Precondition: neither is empty, all finite. Source: Mann and Whitney, Annals of Mathematical
/// Statistics 18 (1947).
double mann_whitney_p(std::span<const double> base, std::span<const double> now);

}  // namespace stratbench::stats
