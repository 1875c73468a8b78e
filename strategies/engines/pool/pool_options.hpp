#pragma once

#include <cstdint>

#include "strategies/contract/strategy.hpp"
#include "strategies/engines/channel/channel.hpp"

namespace stratbench {

enum class worker_kind { thread, process, process_per_task };

struct pool_options {
    worker_kind kind = worker_kind::process;
    /// What the strategy was started with. A pool has no event loop: its `monitor` does not count.
    start_options start = {};
    /// Tasks handed to a worker at a time; 0 = as many as keep it busy until the owner has had time
    /// to wake up and bring more.
    std::uint32_t chunk = 0;

    /// Only then is a worker that can be killed without its neighbours the one that executes.
    [[nodiscard]] bool can_interrupt_tasks() const noexcept {
        return start.limits.task_timeout_ns != 0 && kind == worker_kind::process;
    }
};

/// The channels between a pool and its workers.
channel_shape shape_of_channels(const pool_options& options);

}  // namespace stratbench
