#pragma once

#include <string>

#include "harness/model/results.hpp"

namespace stratbench {

/// What a study found, for a terminal of `width` columns: a table and a verdict for each group,
/// then tasks and timeline where the study kept them, then warnings with what to do. A narrow
/// terminal gets fewer columns. ANSI colours only with `color`; nothing from `results` reaches the
/// terminal as a control character.
std::string terminal_report(const study_results& results, bool color, int width = 100);

}  // namespace stratbench
