#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

namespace stratbench {

/// One unit of work, as plain data, so that it can cross a process boundary by being copied.
/// Its result is a pure function of these fields (and of the payload that they generate).
struct task {
    /// Consecutive from 0 within one window; assigned by the load.
    std::uint64_t id = 0;
    /// Arguments in the order of the workload's `parameters`; args[0] is the size `n`.
    std::array<std::int64_t, 4> args{};
    /// Seed of the payload and of whatever else the workload draws.
    std::uint64_t seed = 0;
    /// Length of the payload that travels with the task; 0 = none.
    std::uint32_t payload_bytes = 0;
    /// Time to wait, not to work, after the work is done; microseconds.
    std::uint32_t wait_us = 0;
    /// Length of what the task gives back besides its value (see reply_bytes.hpp); 0 = nothing.
    std::uint32_t reply_bytes = 0;
    /// Index in `workloads()`.
    std::uint16_t workload = 0;
    /// Not 0: the worker stamps started and finished. Tasks below a microsecond are
    /// sampled, because two clock readings would cost more than they do.
    std::uint16_t stamped = 1;
};
static_assert(std::is_trivially_copyable_v<task> && sizeof(task) == 64);

/// What became of an accepted task.
enum class task_outcome : std::uint8_t { ok, error, crashed, timed_out, cancelled };

/// The end of one accepted task. `value` is the bit pattern of the workload's result and means
/// something only when `outcome` is ok. The two instants are `now_ns()` readings made where the
/// task ran; both are 0 when the task was not stamped or never started.
struct completion {
    std::uint64_t id = 0;
    std::uint64_t value = 0;
    std::int64_t started_ns = 0;
    std::int64_t finished_ns = 0;
    task_outcome outcome = task_outcome::ok;
};

/// The payload of a task, in memory that the strategy provided and `generate_payload` filled.
using payload_view = std::span<const std::byte>;

}  // namespace stratbench
