#pragma once

#include <string>

#include "harness/model/results.hpp"

namespace stratbench {

/// A line for each trial, a head above them, by RFC 4180. What a trial has not is empty. A text
/// that a spreadsheet would take for a formula has an apostrophe in front.
std::string csv_of_trials(const study_results& results);

}  // namespace stratbench
