#pragma once

#include <filesystem>
#include <string>

namespace stratbench {

/// Reads the whole content: of a regular file what was in it when it was opened, of a pipe all that
/// comes until its last writer closes it. Throws usage_error, which names the path and the reason,
/// where it cannot be read, is neither of the two, or has no end: a pipe from which nothing comes
/// for seconds, or more than most_pipe_bytes.
std::string read_file(const std::filesystem::path& path);

/// More than any scenario or results file.
inline constexpr std::size_t most_pipe_bytes = std::size_t{1} << 30;

}  // namespace stratbench
