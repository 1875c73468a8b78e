#pragma once

#include <span>

#include "workloads/workload.hpp"

namespace stratbench {

/// Throws usage_error, in one line, where a workload could not be listed, measured or checked:
/// nameless, two of one name, without work or reference, of another API, or with parameters that a
/// task cannot hold.
void require_sound_workloads(std::span<const workload* const> all);

}  // namespace stratbench
