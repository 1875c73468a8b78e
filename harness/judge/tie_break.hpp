#pragma once

#include <vector>

#include "harness/judge/ranking.hpp"
#include "harness/model/results.hpp"

namespace stratbench {

/// Fills in the pick among strategies that tie, and what speaks for it: fewer busy cores, then less
/// memory, then isolation of crashes, then the simpler one, which the list of strategies has first.
/// Precondition: `tied` is not empty.
void break_tie(answer& result, const std::vector<const cell_result*>& tied);

}  // namespace stratbench
