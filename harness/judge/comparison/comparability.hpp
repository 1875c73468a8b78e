#pragma once

#include <string>
#include <vector>

#include "harness/judge/comparison/comparison.hpp"
#include "harness/model/measurement.hpp"
#include "harness/model/plan.hpp"
#include "harness/model/results.hpp"

namespace stratbench {

/// What must be equal for the figures of two whole files to be comparable: processor, cores, what
/// clocks them, type of the build. Not the compiler: it belongs to what is compared.
std::vector<condition> conditions_of(const environment& machine);

/// The same of one cell, beyond its name: version and size of the workload, rate, window, CPUs.
std::vector<condition> conditions_of(const cell& what);

/// "unknown" is equal to nothing, itself included, but within one study.
/// Every condition that two measurements do not share: of the files, of the cells that both have,
/// and of cells whose names are equal but for the size of their tasks.
std::vector<difference> differences_of(const measurement& base, const measurement& candidate);

/// The differences in one line: "rate is 500/s in base.json, 510/s in new.json (4 cells); ...".
std::string in_one_line(const std::vector<difference>& differences, const std::string& base,
                        const std::string& candidate);

}  // namespace stratbench
