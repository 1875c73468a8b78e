#pragma once

#include <optional>
#include <span>

namespace stratbench {

/// How exactly so many trials know a shift.
struct resolution {
    int trials = 0;
    /// Of the mean of so many, strays counting for no more than four times the usual distance.
    double standard_error = 0;
    double degrees_of_freedom = 0;
    bool paired = false;

    /// Of Hodges and Lehmann's estimate: ranks are worth 3 / pi of the trials that means would be.
    [[nodiscard]] double of_estimate() const;
    /// What as many trials as that would know.
    [[nodiscard]] resolution with(int other_trials) const;
};

/// Of the centre of pairs' differences. Precondition: at least two, all finite.
resolution resolution_of(std::span<const double> differences);

/// Of the shift between two samples that are not pairs. Precondition: at least two in each.
resolution resolution_of(std::span<const double> base, std::span<const double> now);

/// The shift that is seen (one-sided p below `p`) about four times in five. Infinite where no shift
/// has such a p.
double detectable_shift(const resolution& of, double p);

/// The fewest trials that see a shift four times in five where `of.trials` have this resolution.
int trials_to_detect(double shift, const resolution& of, double p);

}  // namespace stratbench
