#pragma once

#include <filesystem>

#include "harness/model/results.hpp"

namespace stratbench {

/// Writes the results file, atomically.
void save_results(const study_results& results, const std::filesystem::path& path);

/// Throws usage_error with one line where the file cannot be read, is not JSON, is not ours, is of
/// another major schema version or is damaged.
study_results load_results(const std::filesystem::path& path);

}  // namespace stratbench
