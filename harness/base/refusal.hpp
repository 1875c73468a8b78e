#pragma once

#include <exception>
#include <string>

namespace stratbench {

/// Text of why the system refused something: the limit that an error number stands for, with
/// its value, where it is one that can be raised; else the kernel's own words.
///
///     the limit on open descriptors (RLIMIT_NOFILE, ulimit -n: 256) is reached
std::string why_refused(int error);

/// Text of an exception, in which a failed allocation names the limit as well.
std::string why_failed(const std::exception& error);

/// Text of the limit on CPU time, which no error number stands for.
std::string cpu_limit_reached();

/// The exit code of a program of which the loader could not load all, and which limit was in its
/// way.
inline constexpr int exit_code_not_loaded = 127;
std::string why_not_loaded();

/// Throws std::system_error whose text says `what` was tried and why it was refused.
[[noreturn]] void throw_refused(int error, const std::string& what);

/// The same for a thread, for which EAGAIN also stands for the memory of its stack.
[[noreturn]] void throw_thread_refused(int error, const std::string& what);

}  // namespace stratbench
