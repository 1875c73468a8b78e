#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "harness/base/descriptor.hpp"
#include "harness/base/files/file_identity.hpp"

namespace stratbench {

/// A place that a result is written to: a file, which is replaced as a whole, or a stream (a pipe,
/// a device, a descriptor of this process), which is written to as it is. See
/// docs/paths-and-streams.md.
///
/// Thread safety: none.
class output {
  public:
    /// Finds out everything that would be wrong later by doing what write() does: it leaves neither
    /// a change in an existing file nor a new one behind. A stream is open from here on, because a
    /// reader that saw it closed would think that all was said. Throws usage_error that names
    /// `path`; a named pipe that nobody reads is refused after some seconds.
    explicit output(std::filesystem::path path);

    /// As it was asked for.
    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
    /// What is written to a stream stays: nothing replaces it.
    [[nodiscard]] bool is_stream() const noexcept { return static_cast<bool>(stream_); }
    /// Whether it is a descriptor that this process was started with.
    [[nodiscard]] bool is_descriptor() const noexcept { return own_.has_value(); }
    /// Whether it is our standard output or standard error, whose reader may leave.
    [[nodiscard]] bool is_standard_stream() const noexcept;
    /// Empty for the null device, which keeps nothing and so is everybody's.
    [[nodiscard]] std::optional<file_identity> identity() const;

    /// Writes the whole content: a reader of a file sees the old content or the new one, also after
    /// a crash, unless no file can be put in its place (it is a mount point, or its folder is
    /// closed to this user): then it is written in place. Throws usage_error that names path() and
    /// leaves no temporary file behind.
    void write(std::string_view content);

    /// What is written a line at a time, from an empty file or to a stream; each line is appended.
    /// A write does not wait for a slow reader of a pipe, unless that cannot be settled for this
    /// descriptor alone. Throws usage_error that names path().
    [[nodiscard]] descriptor open_for_lines() const;

  private:
    std::filesystem::path path_;
    std::optional<int> own_;
    /// Behind symbolic links, so that they stay; empty for a stream.
    std::filesystem::path target_;
    descriptor stream_;
};

/// Writes `content` to an output at `path`. Throws usage_error.
void write_atomically(const std::filesystem::path& path, std::string_view content);

}  // namespace stratbench
