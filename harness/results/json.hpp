#pragma once

#include <string>

#include "harness/json/json_text.hpp"
#include "harness/model/results.hpp"

namespace stratbench {

/// The complete results file: Google Benchmark's `context` and `benchmarks[]`, and `stratbench`.
/// Keys in a stable order; no NaN and no infinity: what has no value is absent.
json to_json(const study_results& results);

/// What to_json wrote. Summaries are computed again by summarise, never taken from the
/// document. Throws std::runtime_error with one line that names the place and what is wrong there.
study_results from_json(const json& document);

/// Versions with the same first number can be read: what they add, older readers skip. Throws
/// std::runtime_error on others.
void check_schema_version(const std::string& version);

json to_json(const study_plan& plan);
study_plan plan_from_json(const json& document);

}  // namespace stratbench
