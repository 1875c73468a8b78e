#pragma once

#include <sys/types.h>

#include <span>

namespace stratbench {

/// From now on the descendants of this process whose parents end become its children.
void adopt_orphans();

/// Kills and reaps the children that the main thread of this process has made or adopted, and those
/// that it adopts because of that, until none is left.
void end_all_children();

/// The same, but for these and their descendants.
void end_children_but(std::span<const pid_t> spared);

/// The same for those of them that belong to a session: for whoever a session's dead leader left
/// behind.
void end_children_of_session(pid_t session);

}  // namespace stratbench
