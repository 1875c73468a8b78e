#pragma once

#include <span>

#include "harness/base/clock.hpp"
#include "strategies/engines/channel/channel.hpp"
#include "strategies/engines/worker/task_witness.hpp"
#include "workloads/reply_bytes.hpp"

namespace stratbench {

/// Whether a task that took so long has had its time; a `timeout_ns` of 0 never ends.
inline bool timed_out(std::int64_t took_ns, std::int64_t timeout_ns) noexcept {
    return timeout_ns != 0 && took_ns > timeout_ns;
}

/// A task with all that its execution needs.
struct execution {
    const task& work;
    /// task::payload_bytes and task::reply_bytes long.
    payload_view payload = {};
    std::span<std::byte> reply_room = {};
    std::int64_t timeout_ns = 0;
};

/// Executes one task, writes the bytes that it gives back, and value, instants and outcome to
/// `answer` (not its sequence). A task that timed out ends as that, whatever it returned. `clock`
/// reads the time line of now_ns().
void execute_into(const execution& given, reply& answer, task_witness& witness,
                  std::int64_t (*clock)() noexcept = now_ns) noexcept;

/// What the front end makes of a completion whose bytes are here: reads them all, and where one is
/// not the task's, the task has failed.
inline completion received(const task& t, completion done, std::span<const std::byte> bytes,
                           task_witness& witness) noexcept {
    if (t.reply_bytes != 0 && done.outcome == task_outcome::ok && !is_reply_of(t, bytes)) {
        done.outcome = task_outcome::error;
        witness.failed(t, "what it gave back has changed on its way");
    }
    return done;
}

/// Tells the owner that a worker can be given tasks: nothing that it needs is refused any more.
void announce_ready(channel_worker& end, int wake_fd) noexcept;

/// Runs a worker, be it a thread or a process: announces that it is ready, claims tasks, executes
/// them, announces the replies, sleeps while there is nothing, until it is told to quit. `wake_fd`
/// is an eventfd that wakes the owner.
void work(channel_worker& end, int wake_fd, task_witness& witness) noexcept;

}  // namespace stratbench
