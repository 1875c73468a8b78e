#include "harness/base/process/child_process.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>

#include "harness/base/process/inheritance.hpp"

namespace stratbench {
namespace {

/// Above every descriptor number that a child is given, so that moving them into place never
/// overwrites one that is still to be moved.
int lowest_source(std::span<const std::pair<int, int>> descriptors) {
    int highest = STDERR_FILENO;
    for (const auto& [ours, theirs] : descriptors) {
        highest = std::max(highest, theirs);
    }
    return highest + 1;
}

}  // namespace

child_process::child_process(const std::vector<std::string>& arguments,
                             std::span<const std::pair<int, int>> descriptors, session in)
    : leads_(in == session::own) {
    std::vector<char*> argv;
    argv.reserve(arguments.size() + 1);
    for (const auto& argument : arguments) {
        argv.push_back(const_cast<char*>(argument.c_str()));
    }
    argv.push_back(nullptr);

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    std::vector<descriptor> sources;
    for (const auto& [ours, theirs] : descriptors) {
        sources.emplace_back(checked(::fcntl(ours, F_DUPFD_CLOEXEC, lowest_source(descriptors)),
                                     "cannot pass a descriptor to a child process"));
        posix_spawn_file_actions_adddup2(&actions, sources.back().get(), theirs);
    }
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigdefault(&attributes, &ignored_here());
    posix_spawnattr_setflags(
        &attributes, static_cast<short>(POSIX_SPAWN_SETSIGDEF | (leads_ ? POSIX_SPAWN_SETSID : 0)));

    const int error = ::posix_spawn(&id_, argv[0], &actions, &attributes, argv.data(), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) {
        throw_refused(error, "cannot start " + arguments[0]);
    }
    handle_ = descriptor(static_cast<int>(::syscall(SYS_pidfd_open, id_, 0)));
    if (!handle_) {
        const int reason = errno;
        ::kill(id_, SIGKILL);
        ::waitpid(id_, nullptr, 0);
        throw_refused(reason, "cannot watch a child process");
    }
}

child_process::~child_process() {
    if (!running()) {
        return;
    }
    kill(SIGKILL);
    wait();
}

void child_process::kill(int signal) noexcept {
    if (running()) {
        // Until it has been reaped no other process has its number: where a sandbox knows pidfds
        // only to watch them, that will do.
        if (::syscall(SYS_pidfd_send_signal, handle_.get(), signal, nullptr, 0) != 0) {
            ::kill(id_, signal);
        }
    }
}

int child_process::wait() {
    siginfo_t ended{};
    while (::waitid(P_PID, static_cast<id_t>(id_), &ended, WEXITED | WNOWAIT) < 0 &&
           errno == EINTR) {
    }
    // Until it has been reaped no other process can have its number.
    if (leads_) {
        ::kill(-id_, SIGKILL);
    }
    int status = 0;
    while (::waitpid(id_, &status, 0) < 0 && errno == EINTR) {
    }
    while (leads_ && (::waitpid(-id_, nullptr, 0) > 0 || errno == EINTR)) {
    }
    handle_.close();
    return status;
}

}  // namespace stratbench
