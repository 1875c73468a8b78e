#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace stratbench {

/// Children of all threads of a process: from the kernel's own lists or, where a kernel keeps none
/// (CONFIG_PROC_CHILDREN), by a look at the parent of every process. One that is made or ends
/// meanwhile may be missing; none where /proc tells of neither.
std::vector<pid_t> children_of(pid_t process);

/// The second way alone. `proc` is /proc; another directory in tests.
std::vector<pid_t> children_by_parent(pid_t process, const std::string& proc = "/proc");

/// Throws usage_error, one line, where /proc does not show this process: it is not mounted, or that
/// of another PID namespace.
void require_proc(const std::string& proc = "/proc");

}  // namespace stratbench
