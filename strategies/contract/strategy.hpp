#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/clock.hpp"
#include "harness/base/spec.hpp"
#include "strategies/contract/containment.hpp"
#include "strategies/contract/process_ledger.hpp"
#include "strategies/contract/task_output.hpp"
#include "strategies/contract/window_ahead.hpp"
#include "workloads/api.hpp"
#include "workloads/task.hpp"
#include "workloads/workload.hpp"

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

/// One reading of the event loop's own pulse.
struct heartbeat {
    /// When the beat was due; now_ns() time line.
    std::int64_t due_ns = 0;
    /// How much later it ran: for so long the loop was deaf.
    std::int64_t lag_ns = 0;
};

/// What the harness asks of an event loop, and where it leaves its answer. Written by the loop's
/// thread during run, read after run has returned.
struct loop_monitor {
    /// Time between two beats, nanoseconds; above 0.
    std::int64_t period_ns = 10'000'000;
    std::vector<heartbeat> beats;
};

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

/// What users choose between, as data.
struct strategy_properties {
    /// A task that crashes takes at most its worker with it.
    bool isolates_crashes = false;
    /// The front end goes on accepting tasks while others are executed.
    bool front_end_stays_free = false;
    /// A payload is written into memory that another process reads.
    bool payload_crosses_process = false;
    /// Results exist only when the whole batch is back.
    bool returns_in_batches = false;
    /// Executes on the caller's thread: exists once, with one worker.
    bool in_caller = false;
    /// Shown to be avoided; left out of the default study.
    bool antipattern = false;
    /// It is a program of its own, which keeps none of the limits of `containment`; left out of the
    /// default study.
    bool own_program = false;
    /// What a task costs beside its work on any machine of today, however many workers there are;
    /// nanoseconds. 0 where it is too little to matter: only a process for each task makes batches
    /// senseless that others do in a second.
    std::int64_t least_task_ns = 0;
};

struct strategy_info {
    /// What it was compiled against; not to be set.
    int api = STRATBENCH_API;
    /// Without spaces and `:,=()`; no other strategy has it.
    std::string_view name;
    /// One line for `list` and the reports.
    std::string_view summary;
    std::span<const parameter> parameters;
    strategy_properties properties;
    /// `s` has this strategy's name and only known keys. Throws usage_error on a bad value.
    std::unique_ptr<strategy> (*make)(const spec& s) = nullptr;
    /// Why this machine cannot run it, in a few words; empty where it can. Null = every machine
    /// can.
    std::string (*unavailable)(const spec& s) = nullptr;
    /// Of a strategy in another language: the one in C++ that has its architecture. Its parameter
    /// `kernel` chooses whose code executes a task: `own`, or `native` for that of C++.
    std::string_view twin = {};

    /// The files that a program of its own is made of: nothing may be written to them.
    std::vector<std::string> (*files)(const spec& s) = nullptr;

    /// The workloads for which a program of its own has code; empty = all that are not commands.
    std::span<const std::string_view> kernels = {};

    /// Whether it can execute tasks of this workload.
    [[nodiscard]] bool executes(const workload& w) const {
        if (!properties.own_program) {
            return true;
        }
        return kernels.empty() ? !w.works_elsewhere
                               : std::ranges::find(kernels, w.name) != kernels.end();
    }

    /// Whether a study has it without being asked to.
    [[nodiscard]] bool in_default_study() const {
        return !properties.antipattern && !properties.own_program;
    }
};

}  // namespace stratbench
