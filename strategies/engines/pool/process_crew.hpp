#pragma once

#include <memory>

#include "strategies/contract/process_ledger.hpp"
#include "strategies/contract/task_output.hpp"
#include "strategies/engines/pool/crew.hpp"

namespace stratbench {

// Both enter their processes in the ledger (not null), and give the lines that tasks print to
// `output`; null = standard error, labelled.

/// Worker processes.
std::unique_ptr<crew> make_process_crew(process_ledger* ledger, output_sink* output);
/// Fork servers: processes that make a process for each task. Their children are reported to the
/// ledger as well.
std::unique_ptr<crew> make_fork_server_crew(process_ledger* ledger, output_sink* output);

}  // namespace stratbench
