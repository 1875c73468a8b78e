#include "harness/base/process/inheritance.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <string>

#include "harness/base/descriptor.hpp"
#include "harness/base/spec.hpp"

namespace stratbench {
namespace {

/// A main thread and the smallest stack of another fit.
constexpr rlim_t smallest_stack = rlim_t{256} << 10;

/// CLOSE_RANGE_CLOEXEC (Linux 5.11); older headers lack it.
constexpr unsigned close_on_exec = 1U << 2;

/// Zeros are the empty set.
sigset_t ours{};

/// The kernel kills without a word at the hard limit, and before it says so at a soft one.
void lower_cpu_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_CPU, &limit) == 0 && limit.rlim_max != RLIM_INFINITY &&
        limit.rlim_cur >= limit.rlim_max && limit.rlim_max > 1) {
        limit.rlim_cur = limit.rlim_max - 1;
        ::setrlimit(RLIMIT_CPU, &limit);
    }
}

void require_stack() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_STACK, &limit) == 0 && limit.rlim_cur < smallest_stack) {
        throw usage_error(fmt::format(
            "the limit on the stack (RLIMIT_STACK, ulimit -s: {}) is below the {} that is needed",
            limit.rlim_cur >> 10, smallest_stack >> 10));
    }
}

}  // namespace

void settle_inheritance() {
    require_stack();
    ::signal(SIGCHLD, SIG_DFL);
    ignore_here(SIGXFSZ);
    // Where the kernel does not know this, they are handed on, as by most programs.
    ::syscall(SYS_close_range, STDERR_FILENO + 1, ~0U, close_on_exec);
    lower_cpu_limit();
}

void require_descriptors() {
    std::array<descriptor, 6> some;
    for (descriptor& each : some) {
        each = descriptor(checked(::open("/dev/null", O_RDONLY | O_CLOEXEC), "cannot begin"));
    }
}

void ignore_here(int signal) {
    struct sigaction before {};
    if (::sigaction(signal, nullptr, &before) == 0 && before.sa_handler != SIG_IGN) {
        ::signal(signal, SIG_IGN);
        ::sigaddset(&ours, signal);
    }
}

const sigset_t& ignored_here() {
    return ours;
}

}  // namespace stratbench
