#pragma once

#include "harness/results/json.hpp"

namespace stratbench {

/// Appends a cell's figures to its object in the results file; what has no value is absent.
void append_summary(json& cell, const cell_summary& summary);

}  // namespace stratbench
