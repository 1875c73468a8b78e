// A library to preload: one of the system calls of a program fails in one of its processes. The
// variable STRATBENCH_FAIL says which, as ROLE:CALL:ERROR:EVERY, for instance trial:pipe2:24:1.
// ROLE is the first argument of the process's program (`all`: whichever it is), ERROR a number of
// errno, and the first of EVERY calls fails. The file STRATBENCH_FAILED is made when one does.
//
// Four names are not calls: `no_children` hides the kernel's lists of children, `many_cpus` lets
// the kernel have 8,192 CPUs, `clock_set` and `suspended` let the wall clock and the clock that
// counts suspensions go on an hour with each look.

#include <dlfcn.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <sched.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace {

struct order {
    char role[32] = "", call[32] = "";
    int error = 0;
    unsigned every = 1;
    bool ours = false;
};
order given;
std::atomic<unsigned> calls = 0;

/// Reads the order, and whether it is for this process.
[[gnu::constructor]] void read_order() {
    const char* const text = std::getenv("STRATBENCH_FAIL");
    if (text == nullptr || std::sscanf(text, "%31[^:]:%31[^:]:%d:%u", given.role, given.call,
                                       &given.error, &given.every) != 4) {
        return;
    }
    char line[4096] = "";
    const auto file = static_cast<int>(
        ::syscall(SYS_openat, AT_FDCWD, "/proc/self/cmdline", O_RDONLY | O_CLOEXEC));
    ::syscall(SYS_read, file, line, sizeof line - 1);
    ::syscall(SYS_close, file);
    const std::string_view first = line + std::strlen(line) + 1;
    constexpr std::array<std::string_view, 5> roles{"run", "supervisor", "trial", "worker",
                                                    "fork-server"};
    given.ours = std::ranges::find(roles, first) != roles.end() &&
                 (std::string_view(given.role) == "all" || given.role == first);
}

/// Tells the test that there was something to fail.
void leave_trace() {
    static const char* const path = std::getenv("STRATBENCH_FAILED");
    static std::atomic<bool> left = false;
    if (path != nullptr && !left.exchange(true)) {
        const long file = ::syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT, 0666);
        ::syscall(SYS_close, file);
    }
}

bool asked_for(std::string_view call) {
    return given.ours && call == given.call;
}

/// Whether this call is to fail; then errno says why.
bool fails(std::string_view call) {
    if (!asked_for(call) || ++calls % given.every != 1 % given.every) {
        return false;
    }
    leave_trace();
    errno = given.error;
    return true;
}

template <class F>
F* next(const char* name) {
    return reinterpret_cast<F*>(::dlsym(RTLD_NEXT, name));
}

/// Makes the call, or lets it fail as system calls do.
template <class Result, class... Arguments>
Result made(Result (*)(Arguments...), const char* name, Arguments... arguments) {
    if (fails(name)) {
        return static_cast<Result>(-1);
    }
    return next<Result(Arguments...)>(name)(arguments...);
}

/// The same for a function that returns the error.
template <class... Arguments>
int returned(int (*)(Arguments...), const char* name, Arguments... arguments) {
    return fails(name) ? given.error : next<int(Arguments...)>(name)(arguments...);
}

bool is_hidden(const char* path) {
    return asked_for("no_children") && std::string_view(path).ends_with("/children");
}

int open_as(const char* name, const char* path, int flags, mode_t mode) {
    if (is_hidden(path)) {
        errno = ENOENT;
        return -1;
    }
    return fails("open") ? -1 : next<int(const char*, int, ...)>(name)(path, flags, mode);
}

mode_t mode_of(int flags, va_list rest) {
    return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0;
}

/// The name of a call that libc has no function for. A wake-up cannot be interrupted: of a futex it
/// is the sleep that fails.
const char* name_of(long number, long second) {
    switch (number) {
        case SYS_futex:
            return (second & FUTEX_CMD_MASK) == FUTEX_WAIT_BITSET ? "futex" : "";
        case SYS_pidfd_open:
            return "pidfd_open";
        case SYS_pidfd_send_signal:
            return "pidfd_send_signal";
        case SYS_close_range:
            return "close_range";
        case SYS_perf_event_open:
            return "perf_event_open";
        default:
            return "";
    }
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    const mode_t mode = mode_of(flags, rest);
    va_end(rest);
    return open_as("open", path, flags, mode);
}
int open64(const char* path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    const mode_t mode = mode_of(flags, rest);
    va_end(rest);
    return open_as("open64", path, flags, mode);
}
int fcntl(int fd, int command, ...) {
    va_list rest;
    va_start(rest, command);
    const long argument = va_arg(rest, long);
    va_end(rest);
    return fails("fcntl") ? -1 : next<int(int, int, ...)>("fcntl")(fd, command, argument);
}
int prctl(int option, ...) {
    va_list rest;
    va_start(rest, option);
    unsigned long each[4];
    for (unsigned long& argument : each) {
        argument = va_arg(rest, unsigned long);
    }
    va_end(rest);
    return fails("prctl")
               ? -1
               : next<int(int, ...)>("prctl")(option, each[0], each[1], each[2], each[3]);
}
long syscall(long number, ...) noexcept {
    va_list rest;
    va_start(rest, number);
    long each[6];
    for (long& argument : each) {
        argument = va_arg(rest, long);
    }
    va_end(rest);
    static auto* const real = next<long(long, ...)>("syscall");
    return fails(name_of(number, each[1]))
               ? -1
               : real(number, each[0], each[1], each[2], each[3], each[4], each[5]);
}
int access(const char* path, int mode) noexcept {
    if (is_hidden(path)) {
        errno = ENOENT;
        return -1;
    }
    return made(&::access, "access", path, mode);
}
int sched_getaffinity(pid_t process, size_t bytes, cpu_set_t* set) noexcept {
    if (!asked_for("many_cpus")) {
        return made(&::sched_getaffinity, "sched_getaffinity", process, bytes, set);
    }
    if (bytes < 1024) {
        errno = EINVAL;
        return -1;
    }
    return next<int(pid_t, size_t, cpu_set_t*)>("sched_getaffinity")(process, bytes, set);
}
int clock_gettime(clockid_t clock, timespec* now) noexcept {
    static auto* const real = next<int(clockid_t, timespec*)>("clock_gettime");
    const int got = real(clock, now);
    if ((clock == CLOCK_REALTIME && asked_for("clock_set")) ||
        (clock == CLOCK_BOOTTIME && asked_for("suspended"))) {
        now->tv_sec += 3600L * ++calls;
    }
    return got;
}

void* mmap(void* at, size_t bytes, int protection, int flags, int fd, off_t offset) noexcept {
    return fails("mmap") ? MAP_FAILED
                         : next<void*(void*, size_t, int, int, int, off_t)>("mmap")(
                               at, bytes, protection, flags, fd, offset);
}
ssize_t read(int fd, void* into, size_t bytes) {
    return made(&::read, "read", fd, into, bytes);
}
// Standard error is where the one line goes: it is left alone.
ssize_t write(int fd, const void* from, size_t bytes) {
    if (fd == STDERR_FILENO) {
        return next<ssize_t(int, const void*, size_t)>("write")(fd, from, bytes);
    }
    return made(&::write, "write", fd, from, bytes);
}
int poll(pollfd* fds, nfds_t count, int timeout) {
    return made(&::poll, "poll", fds, count, timeout);
}
int epoll_create1(int flags) noexcept {
    return made(&::epoll_create1, "epoll_create1", flags);
}
int epoll_ctl(int epoll, int what, int fd, epoll_event* event) noexcept {
    return made(&::epoll_ctl, "epoll_ctl", epoll, what, fd, event);
}
int epoll_wait(int epoll, epoll_event* events, int most, int timeout) {
    return made(&::epoll_wait, "epoll_wait", epoll, events, most, timeout);
}
int eventfd(unsigned count, int flags) noexcept {
    return made(&::eventfd, "eventfd", count, flags);
}
int eventfd_write(int fd, eventfd_t value) {
    return made(&::eventfd_write, "eventfd_write", fd, value);
}
int eventfd_read(int fd, eventfd_t* value) {
    return made(&::eventfd_read, "eventfd_read", fd, value);
}
int pipe2(int* ends, int flags) noexcept {
    return made(&::pipe2, "pipe2", ends, flags);
}
int dup2(int from, int to) noexcept {
    return made(&::dup2, "dup2", from, to);
}
int socketpair(int domain, int type, int protocol, int* ends) noexcept {
    return made(&::socketpair, "socketpair", domain, type, protocol, ends);
}
int setsockopt(int fd, int level, int name, const void* value, socklen_t bytes) noexcept {
    return made(&::setsockopt, "setsockopt", fd, level, name, value, bytes);
}
int shutdown(int fd, int how) noexcept {
    return made(&::shutdown, "shutdown", fd, how);
}
ssize_t recvmsg(int fd, msghdr* message, int flags) {
    return made(&::recvmsg, "recvmsg", fd, message, flags);
}
int memfd_create(const char* name, unsigned flags) noexcept {
    return made(&::memfd_create, "memfd_create", name, flags);
}
int ftruncate(int fd, off_t bytes) noexcept {
    return made(&::ftruncate, "ftruncate", fd, bytes);
}
int fchmod(int fd, mode_t mode) noexcept {
    return made(&::fchmod, "fchmod", fd, mode);
}
int fstat(int fd, struct stat* into) noexcept {
    return made(&::fstat, "fstat", fd, into);
}
int stat(const char* path, struct stat* into) noexcept {
    return fails("stat") ? -1 : next<int(const char*, struct stat*)>("stat")(path, into);
}
int madvise(void* at, size_t bytes, int advice) noexcept {
    return made(&::madvise, "madvise", at, bytes, advice);
}
int fsync(int fd) {
    return made(&::fsync, "fsync", fd);
}
int renameat(int from_folder, const char* from, int to_folder, const char* to) noexcept {
    return made(&::renameat, "renameat", from_folder, from, to_folder, to);
}
int unlink(const char* path) noexcept {
    return made(&::unlink, "unlink", path);
}
ssize_t readlink(const char* path, char* into, size_t bytes) noexcept {
    return made(&::readlink, "readlink", path, into, bytes);
}
int posix_spawn(pid_t* made_id, const char* path, const posix_spawn_file_actions_t* actions,
                const posix_spawnattr_t* attributes, char* const* arguments,
                char* const* environment) {
    return returned(&::posix_spawn, "posix_spawn", made_id, path, actions, attributes, arguments,
                    environment);
}
int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*body)(void*),
                   void* argument) noexcept {
    return returned(&::pthread_create, "pthread_create", thread, attributes, body, argument);
}
int clock_nanosleep(clockid_t clock, int flags, const timespec* until, timespec* left) {
    return returned(&::clock_nanosleep, "clock_nanosleep", clock, flags, until, left);
}
pid_t _Fork() noexcept {
    return made(&::_Fork, "_Fork");
}
pid_t waitpid(pid_t process, int* status, int flags) {
    return made(&::waitpid, "waitpid", process, status, flags);
}
int waitid(idtype_t what, id_t which, siginfo_t* how, int flags) {
    return made(&::waitid, "waitid", what, which, how, flags);
}
pid_t wait4(pid_t process, int* status, int flags, rusage* used) noexcept {
    return made(&::wait4, "wait4", process, status, flags, used);
}
int kill(pid_t process, int signal) noexcept {
    return made(&::kill, "kill", process, signal);
}
int sched_setaffinity(pid_t process, size_t bytes, const cpu_set_t* set) noexcept {
    return made(&::sched_setaffinity, "sched_setaffinity", process, bytes, set);
}
int sigaction(int signal, const struct sigaction* action, struct sigaction* before) noexcept {
    return fails("sigaction") ? -1
                              : next<int(int, const struct sigaction*, struct sigaction*)>(
                                    "sigaction")(signal, action, before);
}
int sigprocmask(int how, const sigset_t* set, sigset_t* before) noexcept {
    return made(&::sigprocmask, "sigprocmask", how, set, before);
}
int sigwaitinfo(const sigset_t* set, siginfo_t* how) {
    return made(&::sigwaitinfo, "sigwaitinfo", set, how);
}
int sigtimedwait(const sigset_t* set, siginfo_t* how, const timespec* most) {
    return made(&::sigtimedwait, "sigtimedwait", set, how, most);
}
int getrlimit(__rlimit_resource_t which, rlimit* into) noexcept {
    return made(&::getrlimit, "getrlimit", which, into);
}
int setrlimit(__rlimit_resource_t which, const rlimit* from) noexcept {
    return made(&::setrlimit, "setrlimit", which, from);
}

}  // extern "C"
