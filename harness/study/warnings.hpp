#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "harness/model/results.hpp"

namespace stratbench {

/// What a reader should know before trusting the figures: of the machine, the build and the plan.
/// `root` goes before /proc and /sys; another directory in tests.
std::vector<warning> warnings_before(const environment& machine, const study_plan& plan,
                                     const std::string& root = "");

/// What happened while it was measured: how many trials bear a label of the machine, and how often
/// its CPUs were slowed down because of heat (a difference of thermal_throttles()).
std::vector<warning> warnings_after(const std::vector<cell_result>& cells,
                                    std::uint64_t thermal_throttles);

/// One line that names the warnings about the machine and the build, each with its advice; empty
/// where there are none. Those about the plan are the user's own choice and not named.
std::string environment_line(std::span<const warning> warnings);

}  // namespace stratbench
