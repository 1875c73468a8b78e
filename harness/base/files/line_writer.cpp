#include "harness/base/files/line_writer.hpp"

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>

#include "harness/base/refusal.hpp"

namespace stratbench {
namespace {

/// For how long a reader of a pipe may not read before it is given up.
constexpr int patience_ms = 5'000;

/// What a failed write left of its last line is removed where that can be done.
void remove_last_bytes(int fd, std::size_t count) {
    struct stat file {};
    if (::fstat(fd, &file) != 0 || !S_ISREG(file.st_mode)) {
        return;
    }
    [[maybe_unused]] const int ignored = ::ftruncate(fd, file.st_size - static_cast<off_t>(count));
}

}  // namespace

void line_writer::put(std::string_view lines) {
    std::size_t written = 0;
    while (failure_.empty() && written != lines.size()) {
        const ssize_t wrote = ::write(fd_, lines.data() + written, lines.size() - written);
        if (wrote >= 0) {
            written += static_cast<std::size_t>(wrote);
        } else if (errno == EAGAIN) {
            pollfd room{fd_, POLLOUT, 0};
            if (::poll(&room, 1, patience_ms) == 0) {
                failure_ = "nobody reads it";
            }
        } else if (errno != EINTR) {
            reader_left_ = errno == EPIPE;
            failure_ = why_refused(errno);
        }
    }
    if (written == lines.size()) {
        return;
    }
    const std::size_t whole = lines.substr(0, written).rfind('\n') + 1;
    if (whole != written) {
        remove_last_bytes(fd_, written - whole);
    }
}

}  // namespace stratbench
