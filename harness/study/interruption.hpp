#pragma once

#include <atomic>

namespace stratbench {

/// From here on, the first SIGINT, SIGTERM or SIGHUP sets the flag that is returned instead of
/// ending the process; a second one ends it as usual. RLIMIT_CPU, where it is reached, sets it,
/// too, with a line on standard error that names it. A signal that was ignored at start (nohup)
/// stays ignored.
const std::atomic<bool>& catch_interruptions();

}  // namespace stratbench
