#pragma once

#include <vector>

#include "strategies/engines/worker_loop.hpp"
#include "workloads/workload.hpp"

namespace stratbench {

/// Execution of tasks on the thread that accepted them, with memory for one payload.
///
/// Thread safety: none.
class caller_execution {
  public:
    void start(std::uint32_t max_payload_bytes) { payload.resize(max_payload_bytes); }

    completion execute(const task& t) {
        const auto bytes = std::span(payload).first(t.payload_bytes);
        generate_payload(t, bytes);
        reply answer;
        execute_into(t, bytes, answer);
        return {t.id, answer.value, answer.started_ns, answer.finished_ns, answer.what};
    }

  private:
    std::vector<std::byte> payload;
};

}  // namespace stratbench
