#include "harness/measure/pause_watch.hpp"

#include <sys/wait.h>

#include <atomic>
#include <csignal>

#include "harness/base/clock.hpp"

namespace stratbench {
namespace {

/// No machine sleeps and wakes up in less.
constexpr std::int64_t shortest_suspension_ns = 1'000'000;

/// How often this process was continued.
std::atomic<std::uint64_t> continued = 0;
static_assert(std::atomic<std::uint64_t>::is_always_lock_free, "counted by a signal handler");

extern "C" void on_continued(int) {
    continued.fetch_add(1, std::memory_order_relaxed);
}

/// From here on the kernel tells this process when it goes on, also where that is blocked.
void listen() {
    struct sigaction action {};
    action.sa_handler = on_continued;
    sigemptyset(&action.sa_mask);
    action.sa_flags = SA_RESTART;
    ::sigaction(SIGCONT, &action, nullptr);
    sigset_t only;
    sigemptyset(&only);
    sigaddset(&only, SIGCONT);
    ::pthread_sigmask(SIG_UNBLOCK, &only, nullptr);
}

/// Whether a child has gone on since this was asked last.
bool child_continued() {
    bool any = false;
    for (;;) {
        siginfo_t which{};
        if (::waitid(P_ALL, 0, &which, WCONTINUED | WNOHANG) != 0 || which.si_pid == 0) {
            return any;
        }
        any = true;
    }
}

}  // namespace

pause_watch::pause_watch(clock read) : read_(read) {
    static const bool listening = (listen(), true);
    static_cast<void>(listening);
    child_continued();
    continued_before_ = continued.load();
    before_ = read_suspended();
}

pause_watch::suspended pause_watch::read_suspended() const {
    timespec first{}, boot{}, second{};
    if (read_(CLOCK_MONOTONIC, &first) != 0 || read_(CLOCK_BOOTTIME, &boot) != 0 ||
        read_(CLOCK_MONOTONIC, &second) != 0) {
        return {};
    }
    return {nanoseconds(boot) - nanoseconds(second), nanoseconds(boot) - nanoseconds(first)};
}

std::string pause_watch::seen() const {
    if (child_continued() || continued.load() != continued_before_) {
        return "was stopped and went on while it was measured";
    }
    if (read_suspended().least_ns > before_.most_ns + shortest_suspension_ns) {
        return "was measured while the machine was suspended";
    }
    return "";
}

}  // namespace stratbench
