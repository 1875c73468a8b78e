#include "strategies/engines/worker/supervisor.hpp"

#include <spawn.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <string>

#include "harness/base/descriptor.hpp"
#include "harness/base/process/orphans.hpp"
#include "harness/base/refusal.hpp"

namespace stratbench {
namespace {

/// The signal that the kernel sends to the supervisor when its parent dies.
constexpr int parent_died = SIGTERM;

/// Starts a program that blocks the signals of `mask`.
pid_t start(char* const* arguments, const sigset_t& mask) {
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &mask);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    pid_t program = 0;
    const int error =
        ::posix_spawn(&program, arguments[0], nullptr, &attributes, arguments, environ);
    posix_spawnattr_destroy(&attributes);
    if (error != 0) {
        throw_refused(error, std::string("cannot start ") + arguments[0]);
    }
    return program;
}

/// At the hard limit on CPU time the kernel only kills; gives the signal that says why.
int said_plainly(int status, const rusage& usage) {
    rlimit limit{};
    ::getrlimit(RLIMIT_CPU, &limit);
    const auto used_s = static_cast<rlim_t>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + 1;
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL && used_s >= limit.rlim_max ? SIGXCPU
                                                                                          : status;
}

/// Ends this process as a wait status says that another one ended.
[[noreturn]] void end_like(int status) {
    if (WIFSIGNALED(status)) {
        const rlimit none{};
        ::setrlimit(RLIMIT_CORE, &none);  // the program has left its own
        const int signal = WTERMSIG(status);
        ::signal(signal, SIG_DFL);
        sigset_t only;
        sigemptyset(&only);
        sigaddset(&only, signal);
        ::kill(::getpid(), signal);
        ::sigprocmask(SIG_UNBLOCK, &only, nullptr);
    }
    ::_exit(WEXITSTATUS(status));
}

}  // namespace

void supervise(pid_t parent, char* const* arguments) {
    // All signals wait for sigwaitinfo: those of a terminal are for the program and for the parent.
    sigset_t all;
    sigset_t inherited;
    sigfillset(&all);
    checked(::sigprocmask(SIG_SETMASK, &all, &inherited), "cannot block signals");
    ::prctl(PR_SET_PDEATHSIG, parent_died);
    if (::getppid() != parent) {
        ::_exit(1);
    }
    adopt_orphans();
    const pid_t program = start(arguments, inherited);
    // The process that talks to the program must see when that closes its ends.
    ::close(STDIN_FILENO);
    ::syscall(SYS_close_range, STDERR_FILENO + 1, ~0U, 0);
    for (;;) {
        const int signal = ::sigwaitinfo(&all, nullptr);
        if (signal < 0 && errno == EINTR) {
            continue;
        }
        // A process group may be sent the same signal by others. One that cannot wait watches
        // nothing.
        if (signal < 0 || (signal == parent_died && ::getppid() != parent)) {
            end_all_children();
            ::_exit(1);
        }
        if (signal != SIGCHLD) {
            continue;
        }
        int status = 0;
        rusage usage{};
        for (;;) {
            const pid_t ended = ::wait4(-1, &status, WNOHANG, &usage);
            if (ended < 0 && errno == EINTR) {
                continue;
            }
            if (ended <= 0) {
                break;
            }
            if (ended != program) {
                continue;
            }
            end_all_children();
            end_like(said_plainly(status, usage));
        }
    }
}

}  // namespace stratbench
