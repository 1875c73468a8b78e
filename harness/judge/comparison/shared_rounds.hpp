#pragma once

#include <optional>
#include <vector>

#include "harness/model/measurement.hpp"

namespace stratbench {

/// Whether a trial's figure is one: above 0 and finite.
bool is_figure(double value);

/// A generation that two cells of one study have.
struct shared_round {
    const measured_trial* base = nullptr;
    const measured_trial* candidate = nullptr;
};

/// In the order of the generations. They point into both cells, which must outlive them.
std::vector<shared_round> shared_rounds(const measured_cell& base, const measured_cell& candidate);

/// The second over the first in one generation, as a logarithm: the median over the rounds in which
/// both have a slice, which stand next to each other in time; of what single slices do not know,
/// the trials' own figures. Absent where either has none.
std::optional<double> difference_of(const shared_round& both, metric what);

}  // namespace stratbench
