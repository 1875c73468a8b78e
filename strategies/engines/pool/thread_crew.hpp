#pragma once

#include <memory>

#include "strategies/contract/task_output.hpp"
#include "strategies/engines/pool/crew.hpp"

namespace stratbench {

/// Worker threads of this process. Where a task fails, `output` is told; null = standard error,
/// labelled.
std::unique_ptr<crew> make_thread_crew(output_sink* output);

}  // namespace stratbench
