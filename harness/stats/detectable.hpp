#pragma once

#include <optional>
#include <span>

namespace stratbench::stats {

/// How exactly so many trials know a shift.
struct resolution {
    double standard_error = 0;
    double degrees_of_freedom = 0;
};

/// Of the centre of pairs' differences. Strays count as far as they do in sign_flip_p.
/// Precondition: at least two, all finite.
resolution resolution_of(std::span<const double> differences);

/// Of the shift between two samples that are not pairs. Precondition: at least two in each.
resolution resolution_of(std::span<const double> base, std::span<const double> now);

/// The shift that is seen (one-sided p below `p`) four times in five.
double detectable_shift(const resolution& of, double p);

/// The fewest trials that see a shift four times in five where `trials` have this resolution.
int trials_to_detect(double shift, const resolution& of, int trials, double p);

}  // namespace stratbench::stats
