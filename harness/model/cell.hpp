#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/model/load_plan.hpp"
#include "strategies/contract/containment.hpp"

namespace stratbench {

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

}  // namespace stratbench
