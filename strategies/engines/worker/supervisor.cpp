#include "strategies/engines/worker/supervisor.hpp"

#include <spawn.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <string>

#include "harness/base/orphans.hpp"
#include "harness/base/refusal.hpp"

namespace stratbench {
namespace {

/// The signal that the kernel sends to the supervisor when its parent dies.
constexpr int parent_died = SIGTERM;

pid_t start(char* const* arguments, const sigset_t& signals) {
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &signals);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    pid_t program = 0;
    const int error =
        ::posix_spawn(&program, arguments[0], nullptr, &attributes, arguments, environ);
    posix_spawnattr_destroy(&attributes);
    if (error != 0) {
        throw_refused(error, std::string("cannot start ") + arguments[0]);
    }
    return program;
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
    sigfillset(&all);
    ::sigprocmask(SIG_SETMASK, &all, nullptr);
    ::prctl(PR_SET_PDEATHSIG, parent_died);
    if (::getppid() != parent) {
        ::_exit(1);
    }
    adopt_orphans();
    const pid_t program = start(arguments, all);
    // The process that talks to the program must see when that closes its ends.
    ::close(STDIN_FILENO);
    ::syscall(SYS_close_range, STDERR_FILENO + 1, ~0U, 0);
    for (;;) {
        const int signal = ::sigwaitinfo(&all, nullptr);
        if (signal == parent_died) {
            end_all_children();
            ::_exit(1);
        }
        if (signal != SIGCHLD) {
            continue;
        }
        int status = 0;
        for (pid_t ended = 0; (ended = ::waitpid(-1, &status, WNOHANG)) > 0;) {
            if (ended != program) {
                continue;
            }
            end_all_children();
            end_like(status);
        }
    }
}

}  // namespace stratbench
