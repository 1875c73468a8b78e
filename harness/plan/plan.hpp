#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "strategies/strategy.hpp"
#include "workloads/workload.hpp"

namespace stratbench {

/// The most tasks of one window: what the harness keeps of a task takes about 100 bytes until the
/// trial is over.
inline constexpr std::uint64_t most_recorded_tasks = 20'000'000;

/// A file of due times, as it was when the plan was made.
struct trace_plan {
    /// Absolute.
    std::string file;
    /// How many times as fast as it was recorded.
    double speed = 1;
    /// Of the file's content, 16 hexadecimal digits: a trial refuses another one.
    std::string hash;

    bool operator==(const trace_plan&) const = default;
};

/// When tasks arrive. All instants are relative to the start of the window.
struct load_plan {
    /// batch: everything is due at 0. poisson, constant, burst, trace, trickle: open arrivals.
    /// producer: one producer puts jobs into a bounded queue from which the front end takes them.
    /// closed: so many tasks are outstanding, each due when the end of another freed its slot.
    enum class shape : std::uint8_t {
        batch,
        poisson,
        constant,
        trickle,
        producer,
        closed,
        burst,
        trace
    };

    shape kind = shape::batch;
    /// As it was asked for, canonical; part of the cell's name (`poisson:80%sync`).
    std::string text;
    /// Tasks of a batch, trickle, producer or trace; of a closed load the most that are recorded,
    /// with which it would end early; 0 for the others.
    std::uint64_t tasks = 0;
    /// Mean arrivals per second of poisson, constant, burst and trace.
    double rate_per_s = 0;
    /// Time between two tasks of trickle and producer.
    std::int64_t every_ns = 0;
    /// Capacity of a producer's queue.
    std::uint64_t queue = 0;
    /// Tasks outstanding at once under a closed load.
    std::uint64_t outstanding = 0;
    /// Tasks of one burst.
    std::uint64_t burst = 0;
    std::optional<trace_plan> trace = {};

    /// Whether arrivals follow a schedule that completions do not slow down: only such a load has
    /// a latency worth ranking.
    [[nodiscard]] bool open() const {
        return kind != shape::batch && kind != shape::producer && kind != shape::closed;
    }
    /// Whether the load is a rate that is kept up for the length of the window.
    [[nodiscard]] bool has_rate() const { return open() && kind != shape::trickle; }
    /// Whether the window ends the arrivals, rather than the last task of the load.
    [[nodiscard]] bool ends_with_window() const { return has_rate() || kind == shape::closed; }
    /// Whether the load has a beginning and an end that belong together: then a second slice of a
    /// trial would only tell the same again.
    [[nodiscard]] bool tells_a_story() const {
        return kind == shape::trickle || kind == shape::producer || kind == shape::trace;
    }

    /// Whether the median latency says more about a strategy than its throughput.
    [[nodiscard]] bool ranked_by_latency() const { return has_rate(); }

    bool operator==(const load_plan&) const = default;
};

/// strategy x workload x load x workers x CPU set, with everything that is relative resolved.
struct cell {
    /// Position in the plan; names the cell within one study.
    int index = 0;
    std::string strategy;
    /// Canonical spec, sizes resolved (`sqrt_log:n=300000`).
    std::string workload;
    /// workload::version of the build that made the plan.
    int workload_version = 1;
    load_plan load;
    int workers = 1;
    /// CPUs that the whole tree of a trial is confined to, the first so many of those usable.
    int cpus = 1;
    /// Length of the window of a load that ends with it.
    std::int64_t window_ns = 0;
    /// How long its arrivals have gone on when the window begins, so that the queue is in its
    /// steady state; 0 for loads that tell a story from its beginning.
    std::int64_t lead_in_ns = 0;
    /// What one task costs serially, measured once per study.
    double serial_ns = 0;
    /// One task in so many is stamped where it runs; a power of two, 1 = all.
    std::uint32_t stamp_one_in = 1;
    /// How the strategy contains tasks that misbehave.
    containment limits = {};
    /// Under a load that ends with the window: what no worker has begun then is cancelled at once.
    bool cancel_pending = false;
    /// Not empty: the cell makes no sense, for this reason, and is recorded as skipped.
    std::string skip_reason;
    /// Shown beside the others but not ranked among them (a reference line).
    bool reference = false;
    /// The workload of the group in which a reference is shown; empty = the cell's own.
    std::string group_workload;
    /// The number of workers of the group that a strategy on the caller's thread (always 1 worker)
    /// belongs to; 0 = the cell's own.
    int group_workers = 0;
    /// The same cell exists in an earlier group of this plan: the name then says which group.
    bool repeated = false;

    /// `strategy/workload/load/workers:N/real_time`, a `/` inside a part written as `%2F`. Unique
    /// within a plan: a repeated cell has `/beside:M` (its group's workers) before the last part,
    /// and whatever is on of containment is a part of its own (`/timeout:50ms/retries:2`).
    [[nodiscard]] std::string name() const;
    /// Cells that may be ranked against each other share this: same workload, load, workers, CPUs,
    /// containment.
    [[nodiscard]] std::string group() const;
    /// Each part of containment that is on, as `timeout:50ms`; empty without any.
    [[nodiscard]] std::vector<std::string> containment_parts() const;

    bool operator==(const cell&) const = default;
};

/// What of single tasks a study keeps and prints, beyond the summaries.
struct detail_plan {
    /// Every task's instants and value (cells of up to 1,000 tasks).
    bool tasks = false;
    /// Heartbeats of the loop and the CPU load over time, printed.
    bool timeline = false;

    bool operator==(const detail_plan&) const = default;
};

struct study_plan {
    std::vector<cell> cells;
    /// Slices of every cell; with a precision or a budget the most there will be.
    int rounds = 1;
    /// Sets of fresh trial processes among which the rounds are shared out; 0 = one for each round.
    int generations = 0;
    /// Strategies that are shown to lie within this part of each other tie (0.03 = 3 %).
    double tie = 0.03;
    /// Above 0: no more rounds once every cell is as precise as this (0.02 = 2 %).
    double precision = 0;
    /// Above 0: no round that would end later than this after the first began; nanoseconds.
    std::int64_t budget_ns = 0;
    std::uint64_t seed = 0;
    /// Least length of the unrecorded warm-up of every trial; nanoseconds.
    std::int64_t warm_up_ns = 100'000'000;
    detail_plan detail;
    /// Name of the scenario that the plan comes from; empty for a plan from the command line.
    std::string scenario;

    bool operator==(const study_plan&) const = default;
};

}  // namespace stratbench
