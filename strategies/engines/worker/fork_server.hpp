#pragma once

#include "strategies/engines/channel/channel.hpp"
#include "strategies/engines/worker/task_witness.hpp"

namespace stratbench {

/// Runs a fork server: announces that it is ready, and makes a process for each task, forked after
/// the task was claimed, at most `max_live` at once; the reply is announced when the process has
/// been reaped. Ends when it is told to quit and no child lives. Installs a SIGCHLD handler, so it
/// must be alone in its process, and single-threaded. Throws std::system_error where it is refused
/// what it needs, before it is ready.
void serve_by_forking(channel_worker& end, int wake_fd, task_witness& witness);

}  // namespace stratbench
