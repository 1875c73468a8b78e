#pragma once

#include "harness/base/spec.hpp"

namespace stratbench {

/// Executes a few small tasks of the workload that `s` asks for, tamed, here and now. Throws
/// usage_error where one throws, in its reference or in its work; where two executions of the same
/// task differ; and where the result is not the reference's. Sizes are the least that there are, so
/// that it takes no time; what only larger tasks do is seen when they are measured.
void require_sound_work(const spec& s);

}  // namespace stratbench
