#pragma once

#include <cstdint>

#include "strategies/contract/containment.hpp"
#include "strategies/contract/heartbeat.hpp"
#include "strategies/contract/process_ledger.hpp"
#include "strategies/contract/strategy_info.hpp"
#include "strategies/contract/task_flow.hpp"
#include "strategies/contract/task_output.hpp"

namespace stratbench {

/// What a strategy is started with. Everything pointed to outlives stop().
struct start_options {
    /// Threads or processes that execute tasks, not counting helpers (loop, result thread, fork
    /// server); at least 1.
    int workers = 1;
    /// The longest payload that a task will have.
    std::uint32_t max_payload_bytes = 0;
    /// The longest reply, beside its value, that a task will have.
    std::uint32_t max_reply_bytes = 0;
    /// Every process that the strategy makes is entered here.
    process_ledger* ledger = nullptr;
    /// Where an event loop leaves its heartbeats; null = none wanted.
    loop_monitor* monitor = nullptr;
    containment limits = {};
    /// Where what containment took is counted; null = it is not wanted.
    containment_counts* counts = nullptr;
    /// Where lines go that tasks print, as far as their processes are ours to read, and why a task
    /// failed. Null = standard error, labelled.
    output_sink* output = nullptr;
};

enum class stop_mode {
    /// Take no more tasks; every accepted one still runs to its end.
    drain,
    /// Also give up on tasks that no worker has started: they end as cancelled.
    cancel,
};

/// An architecture that executes tasks.
///
/// Calls come in this order: start, then run any number of times, each with or without a prepare
/// before it, then stop; all on one thread. Only request_stop may come from another thread, and
/// only during run.
class strategy {
  public:
    strategy() = default;
    strategy(const strategy&) = delete;
    strategy& operator=(const strategy&) = delete;
    virtual ~strategy() = default;

    /// Creates the workers, warm: when it returns, each could begin a task. Timed on its own and
    /// reported as start-up cost. Throws std::system_error where the system refuses one of them: a
    /// cell with fewer workers than its name says would mislead.
    virtual void start(const start_options& options) = 0;

    /// `next` is the source of the next run, whose window is not open yet: what can be done before
    /// it opens. Need not be called; does nothing in a strategy that takes tasks as they come.
    virtual void prepare(task_source& /*next*/) {}

    /// Executes tasks until the source ends (or a stop is requested) and every accepted task has
    /// been completed to the sink. May be called again after it has returned.
    virtual void run(task_source& source, completion_sink& sink) = 0;

    /// Makes a running `run` return early; see stop_mode. Running tasks are never interrupted.
    /// Idempotent; cancel after drain is a cancel. It does not reach into a blocked
    /// task_source::take: whoever asks a strategy to stop ends its source first.
    virtual void request_stop(stop_mode mode) = 0;

    /// Leaves no process, thread, descriptor or shared memory behind: every process has been
    /// reaped, and entered so in the ledger, when it returns. Also runs from the destructor.
    virtual void stop() = 0;
};

}  // namespace stratbench
