#pragma once

#include <optional>
#include <vector>

#include "strategies/contract/strategy.hpp"
#include "strategies/engines/worker/in_process_witness.hpp"
#include "strategies/engines/worker/worker_loop.hpp"
#include "workloads/workload.hpp"

namespace stratbench {

/// Executes tasks on the thread that accepted them, with memory for one payload and one reply.
///
/// Thread safety: none.
class caller_execution {
  public:
    void start(const start_options& options) {
        payload_.resize(options.max_payload_bytes);
        reply_.resize(options.max_reply_bytes);
        timeout_ns_ = options.limits.task_timeout_ns;
        witness_.emplace(options.output);
    }

    completion execute(const task& t) {
        const auto bytes = std::span(payload_).first(t.payload_bytes);
        generate_payload(t, bytes);
        const auto room = std::span(reply_).first(t.reply_bytes);
        reply answer;
        execute_into({.work = t, .payload = bytes, .reply_room = room, .timeout_ns = timeout_ns_},
                     answer, *witness_);
        return received(t, completion_of(t.id, answer), room, *witness_);
    }

  private:
    std::vector<std::byte> payload_, reply_;
    std::int64_t timeout_ns_ = 0;
    std::optional<in_process_witness> witness_;
};

}  // namespace stratbench
