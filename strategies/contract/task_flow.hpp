#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "strategies/contract/window_ahead.hpp"
#include "workloads/task.hpp"

namespace stratbench {

/// The result of task_source::take.
struct take_result {
    /// Tasks written to the front of the span.
    std::size_t count = 0;
    /// No task will ever come again. Never true together with a count above 0.
    bool ended = false;
    /// With a count of 0: sleep until then, and from then on keep asking. It lies ahead of the next
    /// due time by the time that this machine's sleeps end late. `never_ns` when the next task
    /// depends on a completion; after a completion, ask again.
    std::int64_t ask_again_ns = 0;
};

enum class take_mode {
    /// Return at once, with nothing if nothing is due.
    poll,
    /// Block until at least one task is due or the source has ended.
    wait,
};

/// Where a strategy pulls its tasks from. A task counts as accepted from the moment that `take`
/// returns it, so a strategy takes what it can begin to handle, not what it can hoard.
///
/// Thread safety: one thread at a time (the front end). It may be another one than the sink's.
class task_source {
  public:
    task_source() = default;
    task_source(const task_source&) = delete;
    task_source& operator=(const task_source&) = delete;
    virtual ~task_source() = default;

    /// Writes due tasks, in order of their due time, to the front of `into` (not empty). Fewer than
    /// it holds: that was all that was due.
    virtual take_result take(std::span<task> into, take_mode mode) = 0;

    /// The same tasks all at once, instead of by `take`; null where they are not known ahead.
    virtual window_ahead* ahead() { return nullptr; }
};

/// Where a strategy pushes the end of every task that it accepted: each exactly once, the moment
/// that the result is in the caller's hands. One clock reading serves the whole span, so tasks
/// that ended at different times belong in different calls.
///
/// Thread safety: any thread, also several at once.
class completion_sink {
  public:
    completion_sink() = default;
    completion_sink(const completion_sink&) = delete;
    completion_sink& operator=(const completion_sink&) = delete;
    virtual ~completion_sink() = default;

    virtual void complete(std::span<const completion> done) = 0;
};

}  // namespace stratbench
