#include "harness/base/files/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

#include "harness/base/descriptor.hpp"
#include "harness/base/spec.hpp"

namespace stratbench {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t piece_bytes = std::size_t{1} << 18;

/// For how long a pipe may keep its reader waiting.
constexpr int patience_ms = 10'000;

[[noreturn]] void refuse(const fs::path& path, std::string_view why) {
    throw usage_error(fmt::format("{}: {}", path.string(), why));
}

/// Reads at most `size` more bytes to the end of `content`; how many there were.
std::size_t read_some(const descriptor& from, std::size_t size, std::string& content,
                      const fs::path& path) {
    const std::size_t before = content.size();
    content.resize(before + size);
    ssize_t got = 0;
    do {
        got = ::read(from.get(), content.data() + before, size);
    } while (got < 0 && errno == EINTR);
    if (got < 0) {
        refuse(path, fmt::format("cannot be read: {}", why_refused(errno)));
    }
    content.resize(before + static_cast<std::size_t>(got));
    return static_cast<std::size_t>(got);
}

/// A file that grows meanwhile has no other end. Files of /proc do not say how long they are.
void read_regular(const descriptor& from, std::size_t size, std::string& content,
                  const fs::path& path) {
    const std::size_t most = size == 0 ? piece_bytes : size;
    while (content.size() < most &&
           read_some(from, std::min(piece_bytes, most - content.size()), content, path) > 0) {
    }
}

void read_pipe(const descriptor& from, std::string& content, const fs::path& path) {
    for (;;) {
        pollfd ready{from.get(), POLLIN, 0};
        const int got = ::poll(&ready, 1, patience_ms);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got == 0) {
            refuse(path, "is a pipe from which nothing comes");
        }
        if (read_some(from, piece_bytes, content, path) == 0) {
            return;
        }
        if (content.size() > most_pipe_bytes) {
            refuse(path,
                   fmt::format("more than {} MiB come out of this pipe", most_pipe_bytes >> 20));
        }
    }
}

}  // namespace

std::string read_file(const fs::path& path) {
    // A pipe without a writer would keep a blocking open waiting.
    const descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    struct stat found {};
    if (!file || ::fstat(file.get(), &found) != 0) {
        refuse(path, fmt::format("cannot be read: {}", why_refused(errno)));
    }
    std::string content;
    if (S_ISREG(found.st_mode)) {
        read_regular(file, static_cast<std::size_t>(found.st_size), content, path);
    } else if (S_ISFIFO(found.st_mode)) {
        read_pipe(file, content, path);
    } else {
        refuse(path,
               S_ISDIR(found.st_mode) ? "is a directory" : "is neither a regular file nor a pipe");
    }
    return content;
}

}  // namespace stratbench
