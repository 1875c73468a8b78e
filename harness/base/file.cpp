#include "harness/base/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>

#include "harness/base/clock.hpp"
#include "harness/base/descriptor.hpp"
#include "harness/base/spec.hpp"

namespace stratbench {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& path) {
    throw std::system_error(errno, std::generic_category(), path.string());
}

descriptor opened(const fs::path& path, int flags, mode_t mode = 0) {
    return descriptor(checked(::open(path.c_str(), flags | O_CLOEXEC, mode), path.c_str()));
}

/// Waits until the content is on the disk. Not every file system can say so for a directory.
void sync(const descriptor& file, const fs::path& path) {
    if (::fsync(file.get()) != 0 && errno != EINVAL) {
        fail(path);
    }
}

/// A new file beside `target`, removed again unless it took the target's place.
class temporary {
  public:
    explicit temporary(const fs::path& target)
        : path_(target.parent_path() /
                fmt::format(".{}.{}.{:x}.tmp", target.filename().string(), ::getpid(), now_ns())),
          file_(opened(path_, O_WRONLY | O_CREAT | O_EXCL, 0666)) {}
    temporary(const temporary&) = delete;
    temporary& operator=(const temporary&) = delete;
    ~temporary() {
        if (!path_.empty()) {
            ::unlink(path_.c_str());
        }
    }

    void replace(const fs::path& target, std::string_view content) {
        write_all(file_, content, path_.c_str());
        struct stat old {};
        if (::stat(target.c_str(), &old) == 0 && ::fchmod(file_.get(), old.st_mode & 07777) != 0) {
            fail(path_);
        }
        sync(file_, path_);
        if (::rename(path_.c_str(), target.c_str()) != 0) {
            fail(target);
        }
        path_.clear();
    }

  private:
    fs::path path_;
    descriptor file_;
};

bool replaceable(const fs::path& target) {
    return !fs::exists(target) || fs::is_regular_file(target);
}

/// Where the content goes: behind symbolic links, so that they stay.
fs::path resolved(const fs::path& path) {
    if (!path.has_filename()) {
        errno = EISDIR;
        fail(path);
    }
    return fs::is_regular_file(path) ? fs::canonical(path) : fs::absolute(path);
}

}  // namespace

std::string read_file(const std::filesystem::path& path) {
    if (fs::is_directory(path)) {
        throw usage_error(fmt::format("{}: is a directory", path.string()));
    }
    std::ifstream in(path, std::ios::binary);
    std::string content{std::istreambuf_iterator<char>(in), {}};
    if (!in.is_open() || in.bad()) {
        throw usage_error(fmt::format("{}: cannot be read: {}", path.string(),
                                      std::generic_category().message(errno)));
    }
    return content;
}

void check_writable(const std::filesystem::path& path) {
    try {
        const fs::path target = resolved(path);
        // A pipe without a reader would not open; it may have one by then.
        if (fs::exists(target) && !fs::is_fifo(target)) {
            opened(target, O_WRONLY);
        }
        if (replaceable(target)) {
            temporary{target};
        }
    } catch (const std::system_error& error) {
        throw usage_error(
            fmt::format("{}: cannot be written: {}", path.string(), error.code().message()));
    }
}

void write_atomically(const std::filesystem::path& path, std::string_view content) {
    const fs::path target = resolved(path);
    if (!replaceable(target)) {
        write_all(opened(target, O_WRONLY), content, target.c_str());
        return;
    }
    temporary{target}.replace(target, content);
    // The new name must survive a power cut as well.
    const fs::path folder = target.parent_path();
    sync(opened(folder, O_RDONLY | O_DIRECTORY), folder);
}

}  // namespace stratbench
