#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>

#include "strategies/engines/channel/channel.hpp"

namespace stratbench {

/// The id of the task that `process` seems to be executing: the worker at the far end of `line`, or
/// a child of the fork server there. A guess, which costs the worker nothing: by the time that it
/// is made the task may have ended. None where there seems to be no task.
///
/// Thread safety: any thread, while others use the channel; it must not be destroyed meanwhile.
std::optional<std::uint64_t> running_task(const channel& line, pid_t process);

}  // namespace stratbench
