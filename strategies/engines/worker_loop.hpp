#pragma once

#include "strategies/engines/channel.hpp"

namespace stratbench {

/// Executes one task and writes value, instants and outcome to `answer` (not its sequence).
void execute_into(const task& t, payload_view payload, reply& answer) noexcept;

/// What a worker does, be it a thread or a process: claims tasks, executes them, announces the
/// replies, sleeps while there is nothing, until it is told to quit. `wake_fd` is an eventfd that
/// wakes the owner.
void work(channel_worker& end, int wake_fd) noexcept;

}  // namespace stratbench
