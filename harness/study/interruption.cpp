#include "harness/study/interruption.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstddef>
#include <iterator>

#include "harness/base/refusal.hpp"
#include "harness/base/this_build.hpp"

namespace stratbench {
namespace {

std::atomic<bool> stop_requested = false;
static_assert(std::atomic<bool>::is_always_lock_free, "set by a signal handler");

extern "C" void on_signal(int) {
    stop_requested = true;
}

/// Made beforehand: nothing can be formatted in a handler of signals.
char cpu_limit_line[160];
std::size_t cpu_limit_length = 0;
std::atomic<bool> cpu_limit_told = false;

/// Raised once for each second beyond the soft limit, until the hard one kills.
extern "C" void on_cpu_limit(int) {
    stop_requested = true;
    if (!cpu_limit_told.exchange(true)) {
        const int before = errno;
        [[maybe_unused]] const ssize_t ignored =
            ::write(STDERR_FILENO, cpu_limit_line, cpu_limit_length);
        errno = before;
    }
}

bool is_ignored(int signal) {
    struct sigaction before {};
    ::sigaction(signal, nullptr, &before);
    return before.sa_handler == SIG_IGN;
}

void catch_cpu_limit() {
    rlimit limit{};
    ::getrlimit(RLIMIT_CPU, &limit);
    if (limit.rlim_cur == RLIM_INFINITY || is_ignored(SIGXCPU)) {
        return;
    }
    char* const end = fmt::format_to_n(cpu_limit_line, std::size(cpu_limit_line), "{}: {}\n",
                                       this_build.program, cpu_limit_reached())
                          .out;
    cpu_limit_length = static_cast<std::size_t>(end - cpu_limit_line);
    struct sigaction action {};
    action.sa_handler = on_cpu_limit;
    sigemptyset(&action.sa_mask);
    ::sigaction(SIGXCPU, &action, nullptr);
}

}  // namespace

const std::atomic<bool>& catch_interruptions() {
    struct sigaction action {};
    action.sa_handler = on_signal;
    sigemptyset(&action.sa_mask);
    // No SA_RESTART: what waits for a trial should wake up.
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        if (!is_ignored(signal)) {
            sigaction(signal, &action, nullptr);
        }
    }
    catch_cpu_limit();
    return stop_requested;
}

}  // namespace stratbench
