#pragma once

#include <string>
#include <string_view>

#include "harness/model/build_description.hpp"
#include "harness/model/trial_record.hpp"
#include "harness/trial/trial.hpp"

namespace stratbench {

/// Version of what harness and trial process say to each other; both refuse another one, because
/// two builds may be interleaved.
inline constexpr int trial_protocol_version = 3;

/// What the harness tells a trial process on its standard input, a line each, after the request:
/// "measure 17" for a slice of round 17, at last "finish". The process says "ready" when the
/// strategy is warm and "done" after each slice; then, or as soon as something is wrong, it sends
/// its record and ends.
namespace trial_line {
inline constexpr const char* measure = "measure ";
inline constexpr const char* finish = "finish";
inline constexpr const char* ready = "ready";
inline constexpr const char* done = "done";
}  // namespace trial_line

/// What harness and trial process say to each other: one JSON text each way, with the protocol's
/// version in it. The readers throw std::runtime_error with one line on anything else.
std::string request_text(const trial_request& request);
trial_request parse_request(std::string_view text);
std::string record_text(const trial_record& record);
trial_record parse_record(std::string_view text);
std::string description_text(const build_description& description);
build_description parse_description(std::string_view text);

}  // namespace stratbench
