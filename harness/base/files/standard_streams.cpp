#include "harness/base/files/standard_streams.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <climits>
#include <csignal>
#include <system_error>

#include "harness/base/refusal.hpp"

namespace stratbench {
namespace {

constexpr int patience_ms = 1'000;

extern "C" void ignore_signal(int) {}

void reserve(int number, int flags) {
    if (::fcntl(number, F_GETFD) >= 0) {
        return;
    }
    // The lowest that is free: those below it are open.
    [[maybe_unused]] const int same = ::open("/dev/null", flags);
}

}  // namespace

void prepare_standard_streams() {
    reserve(STDIN_FILENO, O_RDONLY);
    reserve(STDOUT_FILENO, O_RDONLY);  // so that writing fails
    reserve(STDERR_FILENO, O_WRONLY);

    // A handler, because an ignored signal would be inherited. One that came ignored stays so.
    struct sigaction old {};
    if (::sigaction(SIGPIPE, nullptr, &old) == 0 && old.sa_handler == SIG_DFL) {
        struct sigaction action {};
        action.sa_handler = ignore_signal;
        sigemptyset(&action.sa_mask);
        action.sa_flags = SA_RESTART;
        ::sigaction(SIGPIPE, &action, nullptr);
    }
}

void say(std::string_view text) {
    static std::atomic<bool> reader_has_gone = false;
    while (!text.empty() && !reader_has_gone) {
        const ssize_t wrote = ::write(STDOUT_FILENO, text.data(), text.size());
        if (wrote >= 0) {
            text.remove_prefix(static_cast<std::size_t>(wrote));
        } else if (errno == EPIPE) {
            reader_has_gone = true;
        } else if (errno == EAGAIN) {
            pollfd room{STDOUT_FILENO, POLLOUT, 0};
            ::poll(&room, 1, -1);
        } else if (errno != EINTR) {
            throw_refused(errno, "standard output");
        }
    }
}

void tell(std::string_view text) noexcept {
    static std::atomic<bool> nobody_reads = false;
    while (!text.empty()) {
        pollfd room{STDERR_FILENO, POLLOUT, 0};
        const int ready = ::poll(&room, 1, nobody_reads ? 0 : patience_ms);
        if (ready < 0 && errno == EINTR) {
            continue;
        }
        nobody_reads = ready == 0;
        if (nobody_reads) {
            return;
        }
        // A pipe that has room takes so many bytes without waiting.
        const std::string_view piece = text.substr(0, PIPE_BUF);
        const ssize_t wrote = ::write(STDERR_FILENO, piece.data(), piece.size());
        if (wrote >= 0) {
            text.remove_prefix(static_cast<std::size_t>(wrote));
        } else if (errno != EINTR && errno != EAGAIN) {
            return;
        }
    }
}

}  // namespace stratbench
