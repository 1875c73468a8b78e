#pragma once

#include <string>

#include "harness/model/results.hpp"

namespace stratbench {

/// What a study answers, for a comment or a page of notes: the headline, the table of strategies x
/// groups, a sentence for each group and metric, and the warnings.
std::string markdown_of_answers(const study_results& results);

}  // namespace stratbench
