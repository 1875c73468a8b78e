#pragma once

#include <cstdint>
#include <vector>

#include "harness/model/results.hpp"

namespace stratbench {

/// The cells of a plan before their first trial.
std::vector<cell_result> unmeasured(const study_plan& plan);

/// Records a trial of the cell. The first failed trial fails the cell.
void add_trial(cell_result& cell, trial_record record);

/// Brings everything that follows from the trials up to date: summaries and labels of cells, and
/// the warnings, which are those `before` the study and what was seen since.
/// `thermal_throttles_before` is what thermal_throttles() read when the study began.
void summarise(study_results& study, const std::vector<warning>& before,
               std::uint64_t thermal_throttles_before);

/// Generations that are finished; those that confirm count as well, though only some cells have
/// them.
int finished_generations(const study_results& study);
/// Rounds of which the cell that has most has its slice.
int finished_rounds(const study_results& study);

}  // namespace stratbench
