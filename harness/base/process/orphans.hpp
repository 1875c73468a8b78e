#pragma once

#include <sys/types.h>

#include <span>

namespace stratbench {

/// Makes this process the reaper of orphans: its descendants whose parents end become its children.
void adopt_orphans();

/// Kills and reaps the children that this process has made or adopted, and those that it adopts
/// because of that, until none is left.
void end_all_children();

/// Kills and reaps all of them but `spared` and their descendants.
void end_children_but(std::span<const pid_t> spared);

/// Kills and reaps those of them that belong to a session: what its dead leader left behind.
void end_children_of_session(pid_t session);

}  // namespace stratbench
