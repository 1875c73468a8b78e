#pragma once

#include <span>

#include "harness/model/results.hpp"

namespace stratbench {

/// What a cell's trials say together. Only trials that are ok count.
cell_summary summarise(const cell& what, std::span<const trial_record> trials);

}  // namespace stratbench
