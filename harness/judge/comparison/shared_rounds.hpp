#pragma once

#include <optional>
#include <vector>

#include "harness/model/measurement.hpp"

namespace stratbench {

/// Whether a trial's figure is one: above 0 and finite.
bool is_figure(double value);

/// How many times as great as another one a figure may be that is compared with it. No trials of
/// one benchmark are so far apart; beyond, a ratio and the interval of a few of them overflow.
inline constexpr double greatest_ratio = 1e12;
/// Whether two figures that differ by so much, as a logarithm, can be compared.
bool within_greatest_ratio(double difference);

/// A generation that two cells of one study have.
struct shared_round {
    const measured_trial* base = nullptr;
    const measured_trial* candidate = nullptr;
};

/// In the order of the generations. They point into both cells, which must outlive them.
std::vector<shared_round> shared_rounds(const measured_cell& base, const measured_cell& candidate);

/// The second over the first in one generation, as a logarithm: the median over the rounds in which
/// both have a slice, which stand next to each other in time; of what single slices do not know,
/// the trials' own figures. Absent where either has none; it may be infinite.
std::optional<double> difference_of(const shared_round& both, metric what);

}  // namespace stratbench
