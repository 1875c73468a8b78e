#pragma once

#include <string>

namespace stratbench {

/// Text of why the system refused something: the limit that an error number stands for, with
/// its value, where it is one that can be raised; else the kernel's own words.
///
///     the limit on open descriptors (RLIMIT_NOFILE, ulimit -n: 256) is reached
std::string why_refused(int error);

/// Throws std::system_error whose text says `what` was tried and why it was refused.
[[noreturn]] void throw_refused(int error, const std::string& what);

}  // namespace stratbench
