#pragma once

#include <filesystem>
#include <string_view>

#include "harness/results/model.hpp"

namespace stratbench {

/// Whether `path` can be written later: throws usage_error where it cannot, and leaves neither a
/// change in an existing file nor a new one behind. Called before anything is measured.
void check_writable(const std::filesystem::path& path);

/// Replaces the file as a whole: whoever reads `path` sees the old content or the new one, also
/// after a crash. A path that is not a regular file (a pipe, a device) is written in place. Throws
/// std::system_error and leaves no temporary file behind.
void write_atomically(const std::filesystem::path& path, std::string_view content);

/// Writes the results file, atomically.
void save_results(const study_results& results, const std::filesystem::path& path);

/// Throws usage_error with one line where the file cannot be read, is not JSON, is not ours, is of
/// another major schema version or is damaged.
study_results load_results(const std::filesystem::path& path);

}  // namespace stratbench
