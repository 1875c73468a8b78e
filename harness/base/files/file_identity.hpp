#pragma once

#include <sys/types.h>

#include <compare>
#include <filesystem>
#include <optional>
#include <string>

namespace stratbench {

/// Which file a path means, whatever the path looks like: equal for links of either kind, for
/// descriptors of this process, and for two paths to a file that does not exist yet.
struct file_identity {
    dev_t device = 0;
    ino_t inode = 0;
    /// Below that folder, of a file that does not exist yet; else empty.
    std::string name = {};

    auto operator<=>(const file_identity&) const = default;
};

/// Empty where neither the file nor any folder above it can be reached.
std::optional<file_identity> identity_of(const std::filesystem::path& path);

/// The file behind the symbolic links of the last component; it need not exist. A link of /proc to
/// an open file stays as it is.
std::filesystem::path behind_links(std::filesystem::path path);

/// The folder in which the last component of `path` is.
std::filesystem::path folder_of(const std::filesystem::path& path);

/// Whether `path` names an open descriptor of a process (/proc/self/fd/3).
bool is_open_file(const std::filesystem::path& path);

/// The number of the descriptor of this process that `path` names, be it /dev/stdout, /dev/fd/3 or
/// /proc/self/fd/3; empty if it names none.
std::optional<int> own_descriptor(const std::filesystem::path& path);

}  // namespace stratbench
