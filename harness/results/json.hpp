#pragma once

#include <string>
#include <string_view>

#include "harness/results/description.hpp"
#include "harness/results/json_text.hpp"
#include "harness/results/model.hpp"
#include "harness/trial/trial.hpp"

namespace stratbench {

/// The complete results file: Google Benchmark's `context` and `benchmarks[]`, and `stratbench`.
/// Keys in a stable order; no NaN and no infinity: what has no value is absent.
json to_json(const study_results& results);

/// What to_json wrote. Summaries are computed again by stats::summarise, never taken from the
/// document. Throws std::runtime_error with one line that names the place and what is wrong there.
study_results from_json(const json& document);

/// Versions with the same first number can be read: what they add, older readers skip. Throws
/// std::runtime_error on others.
void check_schema_version(const std::string& version);

json to_json(const study_plan& plan);
study_plan plan_from_json(const json& document);

/// What harness and trial process say to each other: one JSON text each way, with the protocol's
/// version in it. The readers throw std::runtime_error with one line on anything else.
std::string request_text(const trial_request& request);
trial_request parse_request(std::string_view text);
std::string record_text(const trial_record& record);
trial_record parse_record(std::string_view text);
std::string description_text(const build_description& description);
build_description parse_description(std::string_view text);

}  // namespace stratbench
