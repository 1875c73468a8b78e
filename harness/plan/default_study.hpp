#pragma once

#include <string>
#include <vector>

#include "harness/plan/request.hpp"

namespace stratbench {

/// What is run when nothing is asked for: the six strategies on two sizes under two loads, and the
/// vectorised sum on one core as a reference line.
std::vector<combination> default_study();

// What a combination has where it says nothing.

/// All that are no antipattern.
std::vector<std::string> default_strategies();
std::vector<std::string> default_workloads();
std::vector<std::string> default_loads();

}  // namespace stratbench
