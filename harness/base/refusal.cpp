#include "harness/base/refusal.hpp"

#include <sys/resource.h>

#include <cerrno>
#include <system_error>

namespace stratbench {
namespace {

/// A limit's value as `ulimit` shows it; empty where there is none.
std::string limit_of(__rlimit_resource which, rlim_t unit) {
    rlimit limit{};
    if (::getrlimit(which, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) {
        return "";
    }
    return std::to_string(limit.rlim_cur / unit);
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
        case ENOMEM: {
            const std::string limit = limit_of(RLIMIT_AS, 1024);
            if (limit.empty()) {
                return "the system has no memory left";
            }
            return "the limit on address space (RLIMIT_AS, ulimit -v: " + limit + ") is reached";
        }
        default:
            return "";
    }
}

}  // namespace

std::string why_refused(int error) {
    const std::string limit = limit_behind(error);
    return limit.empty() ? std::generic_category().message(error) : limit;
}

void throw_refused(int error, const std::string& what) {
    const std::string limit = limit_behind(error);
    throw std::system_error(error, std::generic_category(),
                            limit.empty() ? what : what + ": " + limit);
}

}  // namespace stratbench
