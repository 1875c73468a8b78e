#include "strategies/engines/pool/crew.hpp"

#include <stdexcept>

#include "strategies/engines/pool/process_crew.hpp"
#include "strategies/engines/pool/thread_crew.hpp"

namespace stratbench {

std::unique_ptr<crew> make_crew(const pool_options& options) {
    switch (options.kind) {
        case worker_kind::thread:
            return make_thread_crew(options.start.output);
        case worker_kind::process:
            return make_process_crew(options.start.ledger, options.start.output);
        case worker_kind::process_per_task:
            return make_fork_server_crew(options.start.ledger, options.start.output);
    }
    throw std::logic_error("unknown kind of worker");
}

}  // namespace stratbench
