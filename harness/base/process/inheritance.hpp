#pragma once

#include <csignal>

namespace stratbench {

// What this program was started with survives its exec and that of every process that it starts: a
// signal that was ignored or blocked stays so (nohup means the whole tree), limits, umask, niceness
// and CPUs bind. What it changes for itself it does not hand on.

/// Called at the beginning of main. From here on children can be waited for, whoever ignored their
/// ends; a file that reaches RLIMIT_FSIZE is an error of the write; no process that is started has
/// a descriptor that this one was started with, but the standard ones; and RLIMIT_CPU is heard of
/// before it kills. Throws usage_error, one line, where a limit leaves no room to run at all.
void settle_inheritance();

/// Throws std::system_error where there are not even the few descriptors that looking at the
/// machine takes: libraries end the program there.
void require_descriptors();

/// Ignores a signal in this process alone.
void ignore_here(int signal);

/// The signals that this process ignores and its children do not.
const sigset_t& ignored_here();

}  // namespace stratbench
