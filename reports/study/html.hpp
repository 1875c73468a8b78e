#pragma once

#include <string>

#include "harness/model/results.hpp"

namespace stratbench {

/// What a study found, as one HTML page that needs nothing else: scripts, styles and data are in
/// it, and its policy forbids every request. All text from `results` is escaped.
std::string html_report(const study_results& results);

}  // namespace stratbench
