#pragma once

#include <sys/resource.h>
#include <sys/time.h>

#include <cstdint>
#include <ctime>
#include <limits>

namespace stratbench {

constexpr std::int64_t nanoseconds(const timespec& t) noexcept {
    return static_cast<std::int64_t>(t.tv_sec) * 1'000'000'000 + t.tv_nsec;
}
constexpr std::int64_t nanoseconds(const timeval& t) noexcept {
    return static_cast<std::int64_t>(t.tv_sec) * 1'000'000'000 +
           static_cast<std::int64_t>(t.tv_usec) * 1000;
}

/// Nanoseconds of CLOCK_MONOTONIC: one time line for every thread and process of this machine.
inline std::int64_t now_ns() noexcept {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return nanoseconds(now);
}

/// CPU time that this thread has used, in nanoseconds.
inline std::int64_t thread_cpu_ns() noexcept {
    timespec used{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return nanoseconds(used);
}

/// The same of this thread and of the processes that this process has made and reaped.
inline std::int64_t cpu_with_children_ns() noexcept {
    rusage children{};
    getrusage(RUSAGE_CHILDREN, &children);
    return thread_cpu_ns() + nanoseconds(children.ru_utime) + nanoseconds(children.ru_stime);
}

/// An instant that never comes.
inline constexpr std::int64_t never_ns = std::numeric_limits<std::int64_t>::max();

}  // namespace stratbench
