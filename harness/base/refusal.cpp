#include "harness/base/refusal.hpp"

#include <pthread.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <cerrno>
#include <cstdio>
#include <memory>
#include <new>
#include <system_error>

namespace stratbench {
namespace {

/// A limit; nothing where there is none.
rlim_t value_of(__rlimit_resource which) {
    rlimit limit{};
    return ::getrlimit(which, &limit) == 0 ? limit.rlim_cur : RLIM_INFINITY;
}

/// A limit's value as `ulimit` shows it; empty where there is none.
std::string limit_of(__rlimit_resource which, rlim_t unit) {
    const rlim_t limit = value_of(which);
    return limit == RLIM_INFINITY ? "" : std::to_string(limit / unit);
}

/// Address space of this process, and what of it RLIMIT_DATA limits; bytes, 0 where /proc is not
/// there.
struct extent {
    rlim_t all = 0, data = 0;
};
extent own_memory() {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen("/proc/self/statm", "re"),
                                                               &std::fclose);
    unsigned long pages = 0, data = 0;
    if (!file || std::fscanf(file.get(), "%lu %*u %*u %*u %*u %lu", &pages, &data) != 2) {
        return {};
    }
    constexpr rlim_t page = 4096;
    return {pages * page, data * page};
}

std::string memory_limit() {
    const rlim_t space = value_of(RLIMIT_AS);
    const rlim_t data = value_of(RLIMIT_DATA);
    if (space == RLIM_INFINITY && data == RLIM_INFINITY) {
        return "the system has no memory left";
    }
    const extent used = own_memory();
    // Both may lie below what is used; what is left is compared without a sign.
    if (data == RLIM_INFINITY || (space != RLIM_INFINITY && space + used.data < data + used.all)) {
        return "the limit on address space (RLIMIT_AS, ulimit -v: " + limit_of(RLIMIT_AS, 1024) +
               ") is reached";
    }
    return "the limit on data (RLIMIT_DATA, ulimit -d: " + limit_of(RLIMIT_DATA, 1024) +
           ") is reached";
}

/// The limit that an error stands for; empty if it stands for none.
std::string limit_behind(int error) {
    switch (error) {
        case EAGAIN: {
            const std::string limit = limit_of(RLIMIT_NPROC, 1);
            return "the limit on processes and threads (RLIMIT_NPROC, ulimit -u: " +
                   (limit.empty() ? "unlimited" : limit) +
                   "; or pids.max of the control group) is reached";
        }
        case EMFILE:
            return "the limit on open descriptors (RLIMIT_NOFILE, ulimit -n: " +
                   limit_of(RLIMIT_NOFILE, 1) + ") is reached";
        case ENFILE:
            return "the system's limit on open files (fs.file-max) is reached";
        case ENOMEM:
            return memory_limit();
        case EFBIG: {
            const std::string limit = limit_of(RLIMIT_FSIZE, 1);
            return limit.empty()
                       ? ""
                       : "the limit on the size of a file (RLIMIT_FSIZE, ulimit -f: " + limit +
                             " bytes) is reached";
        }
        default:
            return "";
    }
}

[[noreturn]] void throw_with(int error, const std::string& what, const std::string& limit) {
    throw std::system_error(error, std::generic_category(),
                            limit.empty() ? what : what + ": " + limit);
}

/// Size of the stack that the next thread would have; bytes.
std::size_t stack_of_a_thread() {
    pthread_attr_t attributes;
    std::size_t bytes = 0;
    if (::pthread_getattr_default_np(&attributes) == 0) {
        ::pthread_attr_getstacksize(&attributes, &bytes);
        ::pthread_attr_destroy(&attributes);
    }
    return bytes;
}

/// Whether there is memory for the stack of a thread.
bool has_room_for_stack(std::size_t bytes) {
    void* const room =
        ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (room == MAP_FAILED) {
        return false;
    }
    ::munmap(room, bytes);
    return true;
}

}  // namespace

std::string why_refused(int error) {
    const std::string limit = limit_behind(error);
    return limit.empty() ? std::generic_category().message(error) : limit;
}

std::string why_failed(const std::exception& error) {
    return dynamic_cast<const std::bad_alloc*>(&error) != nullptr ? why_refused(ENOMEM)
                                                                  : error.what();
}

std::string cpu_limit_reached() {
    rlimit limit{};
    ::getrlimit(RLIMIT_CPU, &limit);
    // At the hard limit the kernel kills; each second before it raises the soft one.
    const rlim_t seconds = limit.rlim_max != RLIM_INFINITY ? limit.rlim_max : limit.rlim_cur;
    return "the limit on CPU time (RLIMIT_CPU, ulimit -t: " + std::to_string(seconds) +
           ") is reached";
}

std::string why_not_loaded() {
    // The loader holds one descriptor at a time, beside those that a process is given.
    constexpr rlim_t enough_descriptors = 32;
    std::string what = "its program could not be loaded";
    if (value_of(RLIMIT_NOFILE) < enough_descriptors) {
        return what + ": " + limit_behind(EMFILE);
    }
    if (value_of(RLIMIT_AS) != RLIM_INFINITY || value_of(RLIMIT_DATA) != RLIM_INFINITY) {
        return what + ": " + limit_behind(ENOMEM);
    }
    return what;
}

void throw_refused(int error, const std::string& what) {
    throw_with(error, what, limit_behind(error));
}

void throw_thread_refused(int error, const std::string& what) {
    const std::size_t stack = stack_of_a_thread();
    if (error != EAGAIN || has_room_for_stack(stack)) {
        throw_refused(error, what);
    }
    if (value_of(RLIMIT_AS) != RLIM_INFINITY || value_of(RLIMIT_DATA) != RLIM_INFINITY) {
        throw_refused(ENOMEM, what);
    }
    throw_with(ENOMEM, what,
               "there is no memory for its stack (RLIMIT_STACK, ulimit -s: " +
                   std::to_string(stack >> 10) + ")");
}

}  // namespace stratbench
