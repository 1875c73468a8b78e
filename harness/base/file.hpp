#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace stratbench {

/// Reads the whole content. Throws usage_error, which names the path and the reason, where it
/// cannot be read.
std::string read_file(const std::filesystem::path& path);

/// Checks that `path` can be written later: throws usage_error where it cannot, and leaves neither
/// a change in an existing file nor a new one behind. Called before anything is measured.
void check_writable(const std::filesystem::path& path);

/// Replaces the file as a whole: a reader of `path` sees the old content or the new one, also
/// after a crash. A path that is not a regular file (a pipe, a device) is written in place. Throws
/// std::system_error and leaves no temporary file behind.
void write_atomically(const std::filesystem::path& path, std::string_view content);

}  // namespace stratbench
