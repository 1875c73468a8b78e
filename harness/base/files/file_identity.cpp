#include "harness/base/files/file_identity.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <charconv>
#include <system_error>

namespace stratbench {
namespace {

namespace fs = std::filesystem;

/// As many as the kernel follows.
constexpr int most_links = 40;

}  // namespace

fs::path folder_of(const fs::path& path) {
    return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

bool is_open_file(const fs::path& path) {
    std::error_code failed;
    const fs::path folder = fs::canonical(folder_of(path), failed);
    return !failed && folder.native().starts_with("/proc/") && folder.filename() == "fd";
}

fs::path behind_links(fs::path path) {
    std::error_code failed;
    for (int i = 0; i < most_links && fs::is_symlink(path, failed) && !is_open_file(path); ++i) {
        const fs::path to = fs::read_symlink(path, failed);
        if (failed) {
            break;
        }
        path = folder_of(path) / to;
    }
    return path;
}

std::optional<int> own_descriptor(const fs::path& path) {
    const fs::path last = behind_links(path);
    if (!is_open_file(last)) {
        return std::nullopt;
    }
    std::error_code failed;
    const std::string self = fs::canonical("/proc/self", failed).string() + "/";
    if (!fs::canonical(folder_of(last), failed).native().starts_with(self)) {
        return std::nullopt;
    }
    const std::string name = last.filename();
    int number = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (error != std::errc() || end != name.data() + name.size()) {
        return std::nullopt;
    }
    return number;
}

std::optional<file_identity> identity_of(const fs::path& path) {
    struct stat found {};
    if (::stat(path.c_str(), &found) == 0) {
        return file_identity{found.st_dev, found.st_ino};
    }
    const fs::path file = behind_links(path);
    fs::path below = file.filename();
    for (fs::path folder = folder_of(file);; folder = folder_of(folder)) {
        if (::stat(folder.c_str(), &found) == 0) {
            return file_identity{found.st_dev, found.st_ino, below.string()};
        }
        if (folder == "." || folder == folder.parent_path()) {
            return std::nullopt;
        }
        below = folder.filename() / below;
    }
}

}  // namespace stratbench
