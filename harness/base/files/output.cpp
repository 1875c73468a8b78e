#include "harness/base/files/output.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <string>
#include <system_error>
#include <utility>

#include "harness/base/clock.hpp"
#include "harness/base/sleep.hpp"
#include "harness/base/spec.hpp"

namespace stratbench {
namespace {

namespace fs = std::filesystem;

/// For how long a named pipe may wait for its reader, which may be starting.
constexpr std::int64_t patience_ns = 3'000'000'000;

[[noreturn]] void fail(int error) {
    throw std::system_error(error, std::generic_category());
}

int passed(int result) {
    if (result < 0) {
        fail(errno);
    }
    return result;
}

std::optional<struct stat> found(const fs::path& path) {
    struct stat file {};
    if (::stat(path.c_str(), &file) == 0) {
        return file;
    }
    if (errno != ENOENT) {
        fail(errno);
    }
    return std::nullopt;
}

/// What was tried may have failed below the path that the user knows.
template <class F>
auto naming(const fs::path& path, F&& work) {
    try {
        return work();
    } catch (const std::system_error& error) {
        throw usage_error(fmt::format("{}: cannot be written: {}", path.string(),
                                      why_refused(error.code().value())));
    }
}

/// Waits until the content is on the disk. Not every file system can say so.
void sync(const descriptor& file) {
    if (::fsync(file.get()) != 0 && errno != EINVAL && errno != EROFS) {
        fail(errno);
    }
}

/// A new file in the folder of another, removed again unless it took the other's place. Its name is
/// short, so that it is accepted wherever the other's is.
class temporary {
  public:
    explicit temporary(const fs::path& target)
        : folder_(passed(::open(folder_of(target).c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC))),
          target_(target.filename()),
          name_(fmt::format(".{:x}.{:x}.tmp", ::getpid(), now_ns())),
          file_(passed(::openat(folder_.get(), name_.c_str(),
                                O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666))) {}
    temporary(const temporary&) = delete;
    temporary& operator=(const temporary&) = delete;
    ~temporary() {
        if (!name_.empty()) {
            ::unlinkat(folder_.get(), name_.c_str(), 0);
        }
    }

    /// With the mode, and where it can be with the owner, of what is to be replaced.
    void fill(std::string_view content, const std::optional<struct stat>& old) {
        write_all(file_, content, "");
        if (old) {
            if (old->st_uid != ::geteuid() || old->st_gid != ::getegid()) {
                [[maybe_unused]] const int ignored =
                    ::fchown(file_.get(), old->st_uid, old->st_gid);
            }
            passed(::fchmod(file_.get(), old->st_mode & 07777));
        }
        sync(file_);
    }
    void take_place() {
        passed(::renameat(folder_.get(), name_.c_str(), folder_.get(), target_.c_str()));
        name_.clear();
    }
    /// Takes a place that is empty, and leaves it again.
    void try_place() {
        if (::renameat2(folder_.get(), name_.c_str(), folder_.get(), target_.c_str(),
                        RENAME_NOREPLACE) != 0) {
            if (errno == EEXIST) {
                return;  // somebody else has just shown that it works
            }
            if (errno != EINVAL && errno != ENOSYS) {
                fail(errno);
            }
            take_place();  // a file system that does not know the flag
        }
        name_ = target_;
    }

  private:
    descriptor folder_;
    std::string target_, name_;
    descriptor file_;
};

/// Whether a file may be written in place for this error: nothing is wrong but that no other can
/// take its place.
bool stays_where_it_is(int error) {
    constexpr std::array errors = {EACCES, EBUSY, EPERM, EROFS, EXDEV};
    return std::ranges::find(errors, error) != errors.end();
}

void write_in_place(const fs::path& target, std::string_view content) {
    const descriptor file(passed(::open(target.c_str(), O_WRONLY | O_CLOEXEC)));
    // A disk without room must not cost the old content, where that can be known.
    const auto size = static_cast<off_t>(content.size());
    if (size > 0 && ::fallocate(file.get(), FALLOC_FL_KEEP_SIZE, 0, size) != 0 &&
        (errno == ENOSPC || errno == EDQUOT || errno == EFBIG)) {
        fail(errno);
    }
    write_all(file, content, "");
    passed(::ftruncate(file.get(), size));
    sync(file);
}

void replace(const fs::path& target, std::string_view content) {
    const std::optional<struct stat> old = found(target);
    try {
        temporary fresh(target);
        fresh.fill(content, old);
        fresh.take_place();
    } catch (const std::system_error& error) {
        if (!old || !stays_where_it_is(error.code().value())) {
            throw;
        }
        write_in_place(target, content);
        return;
    }
    // The new name must survive a power cut as well. A folder need not be readable for that.
    const descriptor folder(::open(folder_of(target).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder) {
        sync(folder);
    }
}

/// Whether a file is a setting or an answer of the kernel, which takes no text of ours.
bool is_of_kernel(const descriptor& file) {
    constexpr std::array<std::uint32_t, 9> kernels = {
        PROC_SUPER_MAGIC, SYSFS_MAGIC,      CGROUP_SUPER_MAGIC, CGROUP2_SUPER_MAGIC, DEBUGFS_MAGIC,
        TRACEFS_MAGIC,    SECURITYFS_MAGIC, SELINUX_MAGIC,      EFIVARFS_MAGIC};
    struct statfs system {};
    return ::fstatfs(file.get(), &system) == 0 &&
           std::ranges::find(kernels, static_cast<std::uint32_t>(system.f_type)) != kernels.end();
}

/// Does what writing will do, without a trace.
void try_file(const fs::path& target) {
    if (found(target)) {
        // At worst it is written in place.
        const descriptor opened(passed(::open(target.c_str(), O_WRONLY | O_CLOEXEC)));
        if (is_of_kernel(opened)) {
            fail(EINVAL);
        }
        return;
    }
    temporary(target).try_place();
}

/// Makes writes to a stream that we opened ourselves wait for a slow reader.
void make_waiting(const descriptor& stream) {
    passed(::fcntl(stream.get(), F_SETFL, passed(::fcntl(stream.get(), F_GETFL)) & ~O_NONBLOCK));
}

descriptor open_stream(const fs::path& path, bool is_pipe) {
    constexpr int flags = O_WRONLY | O_APPEND | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    const std::int64_t until_ns = now_ns() + patience_ns;
    for (;;) {
        descriptor stream(::open(path.c_str(), flags));
        if (stream) {
            make_waiting(stream);
            return stream;
        }
        if (errno != ENXIO || !is_pipe || now_ns() > until_ns) {
            if (errno == ENXIO && is_pipe) {
                throw usage_error(path.string() + ": cannot be written: nobody reads this pipe");
            }
            fail(errno);
        }
        sleep_until(now_ns() + 10'000'000);
    }
}

/// The descriptor of the caller, with its place in the file and its appending.
descriptor own_stream(int number) {
    const int flags = passed(::fcntl(number, F_GETFL));
    if ((flags & O_ACCMODE) == O_RDONLY) {
        fail(EBADF);
    }
    return descriptor(passed(::fcntl(number, F_DUPFD_CLOEXEC, STDERR_FILENO + 1)));
}

}  // namespace

output::output(fs::path path) : path_(std::move(path)) {
    if (path_ == "-") {
        throw usage_error("'-': accepted is a file; standard output is /dev/stdout");
    }
    naming(path_, [this] {
        if (!path_.has_filename()) {
            fail(path_.empty() ? ENOENT : EISDIR);
        }
        own_ = own_descriptor(path_);
        if (own_) {
            stream_ = own_stream(*own_);
            return;
        }
        const fs::path target = behind_links(path_);
        const std::optional<struct stat> old = found(target);
        if (old && S_ISDIR(old->st_mode)) {
            fail(EISDIR);
        }
        if (old && (!S_ISREG(old->st_mode) || is_open_file(target))) {
            stream_ = open_stream(path_, S_ISFIFO(old->st_mode));
            return;
        }
        target_ = target;
        try_file(target_);
    });
}

std::optional<file_identity> output::identity() const {
    struct stat file {};
    if (stream_ && ::fstat(stream_.get(), &file) == 0) {
        if (S_ISCHR(file.st_mode) && file.st_rdev == makedev(1, 3)) {
            return std::nullopt;
        }
        return file_identity{file.st_dev, file.st_ino};
    }
    return identity_of(target_);
}

bool output::is_standard_stream() const noexcept {
    return own_ == STDOUT_FILENO || own_ == STDERR_FILENO;
}

void output::write(std::string_view content) {
    naming(path_, [&] {
        if (stream_) {
            write_all(stream_, content, "");
        } else {
            replace(target_, content);
        }
    });
}

descriptor output::open_for_lines() const {
    return naming(path_, [&] {
        if (!stream_) {
            return descriptor(passed(::open(
                target_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666)));
        }
        struct stat file {};
        passed(::fstat(stream_.get(), &file));
        if (S_ISFIFO(file.st_mode)) {
            // Opened again, because the flag would be the caller's as well.
            const std::string same = fmt::format("/proc/self/fd/{}", stream_.get());
            if (descriptor own(::open(same.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC)); own) {
                return own;
            }
        }
        return descriptor(passed(::fcntl(stream_.get(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1)));
    });
}

void write_atomically(const fs::path& path, std::string_view content) {
    output(path).write(content);
}

}  // namespace stratbench
