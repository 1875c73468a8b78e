#pragma once

#include <optional>
#include <span>

#include "harness/results/model.hpp"

namespace stratbench::stats {

/// The median of `values` and its 95 % interval (absent below two values). Precondition: not empty,
/// all finite. The interval is Student's t on the logarithms where all values are above 0 (times
/// and rates scatter by factors), on the values otherwise.
estimate median_with_interval(std::span<const double> values);

/// What a cell's trials say together. Only trials that are ok count.
cell_summary summarise(const cell& what, std::span<const trial_record> trials);

}  // namespace stratbench::stats
