#include "strategies/engines/pool/pool_options.hpp"

#include <algorithm>

namespace stratbench {

channel_shape shape_of_channels(const pool_options& options) {
    channel_shape result;
    const bool forks = options.kind == worker_kind::process_per_task;
    result.capacity = forks ? 1024 : 4096;
    result.task_timeout_ns = options.start.limits.task_timeout_ns;
    result.max_live = forks ? static_cast<std::uint32_t>(options.start.workers) : 0;
    while (result.capacity < 2 * result.max_live) {
        result.capacity *= 2;
    }
    result.worker_memory_bytes = options.start.limits.worker_memory_bytes;
    // Room for the payloads of the tasks in hand, a mebibyte of short ones at least.
    const auto room_for = [&](std::uint32_t longest) -> std::uint64_t {
        const std::uint64_t tasks = forks ? 2 * std::uint64_t{result.max_live} + 2 : 4;
        return longest == 0 ? 0 : std::max<std::uint64_t>(tasks * on_cache_lines(longest), 1 << 20);
    };
    result.arena_bytes = room_for(options.start.max_payload_bytes);
    result.reply_arena_bytes = room_for(options.start.max_reply_bytes);
    return result;
}

}  // namespace stratbench
