#pragma once

#include <string>

#include "harness/judge/comparison/comparison.hpp"
#include "harness/model/results.hpp"

namespace stratbench {

/// What a comparison found, as one HTML page that needs nothing else and requests nothing (see
/// html_report). All text from `found`, `base` and `candidate` is escaped.
///
/// The whole files of the two sides, where the caller has them (null where not, or where a file is
/// Google Benchmark's own), add the latency curves and the two environments.
std::string html_comparison(const comparison& found, const study_results* base = nullptr,
                            const study_results* candidate = nullptr);

}  // namespace stratbench
