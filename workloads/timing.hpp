#pragma once

#include <cstdint>

#include "workloads/task_template.hpp"

namespace stratbench {

/// The largest integer up to which every one is a double, so that no workload sums wrong terms.
inline constexpr std::int64_t largest_argument = std::int64_t{1} << 53;

/// Bytes of payload that a task with these arguments carries.
std::uint32_t payload_length(const task& t);

/// Chooses n so that a task takes `duration_ns` on this machine, now. Throws usage_error where
/// there is none.
void calibrate(task_template& t, std::int64_t duration_ns);

}  // namespace stratbench
