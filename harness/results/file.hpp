#pragma once

#include <filesystem>
#include <string>

#include "harness/model/results.hpp"

namespace stratbench {

/// The whole content of a results file.
std::string results_text(const study_results& results);

/// Writes it, atomically. Throws usage_error.
void save_results(const study_results& results, const std::filesystem::path& path);

/// Throws usage_error with one line where the file cannot be read, is not JSON, is not ours, is of
/// another major schema version or is damaged.
study_results load_results(const std::filesystem::path& path);

}  // namespace stratbench
