#pragma once

#include <string>
#include <vector>

#include "harness/results/model.hpp"

namespace stratbench {

/// Describes machine and build, and calibrates the clock, the stamps and the sleep of this machine;
/// takes about 50 ms. `executable` goes into Google Benchmark's context.
environment examine_environment(const std::string& executable);

/// What a reader should know before trusting the figures: of the machine, the build and the plan.
std::vector<warning> warnings_before(const environment& machine, const study_plan& plan);

/// What happened while it was measured: how many trials bear a label of the machine.
std::vector<warning> warnings_after(const std::vector<cell_result>& cells);

/// The version with the revision, for --version.
std::string version_text();

}  // namespace stratbench
