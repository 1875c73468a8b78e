#pragma once

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <utility>

#include "harness/base/refusal.hpp"

namespace stratbench {

/// Owns a file descriptor.
class descriptor {
  public:
    descriptor() = default;
    explicit descriptor(int fd) noexcept : fd_(fd) {}
    descriptor(descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    descriptor& operator=(descriptor&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~descriptor() {
        if (fd_ >= 0) {
            ::close(fd_);
        }
    }

    [[nodiscard]] int get() const noexcept { return fd_; }
    [[nodiscard]] explicit operator bool() const noexcept { return fd_ >= 0; }
    void close() noexcept { descriptor(std::move(*this)); }

  private:
    int fd_ = -1;
};

/// Passes on the result of a system call, or throws std::system_error that names `what` was tried
/// and the limit that stood against it.
template <class T>
T checked(T result, const char* what) {
    if (result < 0) {
        throw_refused(errno, what);
    }
    return result;
}

/// Writes all of `content`, however many pieces it takes, and waits where the caller has made the
/// descriptor one that does not. Throws std::system_error that names `what` was tried.
inline void write_all(const descriptor& to, std::string_view content, const char* what) {
    while (!content.empty()) {
        const ssize_t wrote = ::write(to.get(), content.data(), content.size());
        if (wrote < 0 && errno == EINTR) {
            continue;
        }
        if (wrote < 0 && errno == EAGAIN) {
            pollfd room{to.get(), POLLOUT, 0};
            ::poll(&room, 1, -1);
            continue;
        }
        content.remove_prefix(static_cast<std::size_t>(checked(wrote, what)));
    }
}

}  // namespace stratbench
