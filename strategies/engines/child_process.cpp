#include "strategies/engines/child_process.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <csignal>

namespace stratbench {
namespace {

/// Above every descriptor number that a child is given, so that moving them into place never
/// overwrites one that is still to be moved.
constexpr int lowest_source_fd = 64;

}  // namespace

child_process::child_process(const std::vector<std::string>& arguments,
                             std::span<const std::pair<int, int>> descriptors) {
    std::vector<char*> argv;
    argv.reserve(arguments.size() + 1);
    for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    std::vector<descriptor> sources;
    for (const auto& [ours, theirs] : descriptors) {
        sources.emplace_back(checked(::fcntl(ours, F_DUPFD_CLOEXEC, lowest_source_fd),
                                     "cannot pass a descriptor to a child process"));
        posix_spawn_file_actions_adddup2(&actions, sources.back().get(), theirs);
    }
    // A child begins with no signal blocked or ignored, whatever its parent does.
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);

    const int error = ::posix_spawn(&id, argv[0], &actions, &attributes, argv.data(), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) {
        throw std::system_error(error, std::generic_category(), "cannot start " + arguments[0]);
    }
    handle = descriptor(static_cast<int>(::syscall(SYS_pidfd_open, id, 0)));
    if (!handle) {
        const int reason = errno;
        ::kill(id, SIGKILL);
        ::waitpid(id, nullptr, 0);
        throw std::system_error(reason, std::generic_category(), "cannot watch a child process");
    }
}

child_process::~child_process() {
    if (!running()) return;
    kill(SIGKILL);
    wait();
}

void child_process::kill(int signal) noexcept {
    if (running()) ::syscall(SYS_pidfd_send_signal, handle.get(), signal, nullptr, 0);
}

int child_process::wait() {
    int status = 0;
    while (::waitpid(id, &status, 0) < 0 && errno == EINTR) {
    }
    handle.close();
    return status;
}

}  // namespace stratbench
