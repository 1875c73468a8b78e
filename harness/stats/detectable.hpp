#pragma once

#include <optional>
#include <span>

namespace stratbench {

/// The precision with which a number of trials measures a shift.
struct resolution {
    int trials = 0;
    /// Standard error of the mean, from a standard deviation Winsorised at four times the median
    /// absolute deviation (MAD).
    double standard_error = 0;
    double degrees_of_freedom = 0;
    bool paired = false;

    /// Standard error of Hodges and Lehmann's estimate, whose asymptotic relative efficiency
    /// against the mean is 3 / pi for a normal distribution.
    [[nodiscard]] double of_estimate() const;
    /// The resolution that `other_trials` would have.
    [[nodiscard]] resolution with(int other_trials) const;
};

/// Resolution of the centre of pairs' differences. Precondition: at least two, all finite.
resolution resolution_of(std::span<const double> differences);

/// Resolution of the shift between two independent samples. Precondition: at least two in each.
resolution resolution_of(std::span<const double> base, std::span<const double> now);

/// The minimum detectable effect: the shift that a one-sided test at level `p` finds with a power
/// of 0.8. Infinite where no shift has such a p.
double detectable_shift(const resolution& of, double p);

/// The sample size: the fewest trials that find `shift` with a power of 0.8 where `of.trials` have
/// this resolution.
int trials_to_detect(double shift, const resolution& of, double p);

}  // namespace stratbench
