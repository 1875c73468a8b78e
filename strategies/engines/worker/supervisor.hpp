#pragma once

#include <sys/types.h>

namespace stratbench {

/// Runs a program, and when that has ended, however it ended, ends and reaps every process that it
/// left behind, whatever group or session that is in; then ends as the
/// program did, by the same exit code or signal. When `parent`, its own parent, dies first, the
/// whole tree goes.
///
/// So no single kill leaves a process behind: that of the program and that of the parent are the
/// supervisor's to clean up after; that of the supervisor takes the program with it, if that dies
/// with its parent, and leaves the rest to the parent, if that adopts orphans.
///
/// `arguments` end with a null and name a program that finds the descriptors that this process has.
/// Must be called by a process with one thread and no other child. Throws std::system_error where
/// the program cannot be started.
[[noreturn]] void supervise(pid_t parent, char* const* arguments);

}  // namespace stratbench
