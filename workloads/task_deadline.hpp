#pragma once

#include <cstdint>

namespace stratbench {

/// When the task that this thread executes is beyond its time, on the time line of now_ns(); 0 =
/// never. For tasks that can end by themselves what a process of their own would have to be killed
/// for.
inline constinit thread_local std::int64_t task_deadline_ns = 0;

}  // namespace stratbench
