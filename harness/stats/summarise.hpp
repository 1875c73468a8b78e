#pragma once

#include <span>

#include "harness/results/model.hpp"

namespace stratbench::stats {

/// What a cell's trials say together. Only trials that are ok count.
cell_summary summarise(const cell& what, std::span<const trial_record> trials);

}  // namespace stratbench::stats
