#pragma once

#include <span>

namespace stratbench {

/// What the trials of a session know of the ones before them. A machine that is slow for a while is
/// slow in several rounds on end, and the trials are then worth fewer independent ones. Pairs need
/// none of this, because chance decides their signs.
class autocorrelation {
  public:
    /// Takes in the trials of one cell, in their order.
    void add(std::span<const double> values);
    void add(const autocorrelation& other);

    /// By how much the variance of a mean of such trials exceeds that of independent ones:
    /// (1 + r) / (1 - r), r the correlation of a trial with the next one, at least 1.
    [[nodiscard]] double inflation() const;

  private:
    double products_ = 0, squares_ = 0;
    /// Such a correlation comes out too low by one over the trials that share a mean.
    double values_ = 0, means_ = 0;
};

}  // namespace stratbench
