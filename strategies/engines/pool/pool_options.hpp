#pragma once

#include <cstdint>

#include "strategies/contract/strategy.hpp"
#include "strategies/engines/channel/channel.hpp"

namespace stratbench {

enum class worker_kind { thread, process, process_per_task };

struct pool_options {
    worker_kind kind = worker_kind::process;
    int workers = 1;
    std::uint32_t max_payload_bytes = 0;
    process_ledger* ledger = nullptr;
    containment limits = {};
    /// May be null.
    containment_counts* counts = nullptr;
    /// Where lines go that tasks print; null = standard error, labelled.
    output_sink* output = nullptr;
    /// Tasks handed to a worker at a time; 0 = as many as keep it busy until the owner has had time
    /// to wake up and bring more.
    std::uint32_t chunk = 0;

    /// Only then is a worker that can be killed without its neighbours the one that executes.
    [[nodiscard]] bool can_interrupt_tasks() const noexcept {
        return limits.task_timeout_ns != 0 && kind == worker_kind::process;
    }
};

/// The options of a pool that a strategy is started with.
pool_options pool_of(worker_kind kind, const start_options& start);

/// The channels between such a pool and its workers.
channel_shape shape_of_channels(const pool_options& options);

}  // namespace stratbench
