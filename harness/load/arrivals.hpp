#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "harness/model/plan.hpp"
#include "strategies/contract/window_ahead.hpp"

namespace stratbench {

/// When the tasks of one window become due. Instants are nanoseconds from the window's start. Tasks
/// are numbered from 0 in order of their due time.
///
/// Thread safety: one thread at a time, but for `freed`.
class arrivals {
  public:
    arrivals() = default;
    arrivals(const arrivals&) = delete;
    arrivals& operator=(const arrivals&) = delete;
    virtual ~arrivals() = default;

    /// How many tasks have become due by `now_ns`, which never goes back.
    virtual std::uint64_t due_by(std::int64_t now_ns) = 0;
    /// When the first task that due_by has not counted becomes due; `never_ns` after the last, and
    /// where that depends on the end of another one.
    [[nodiscard]] virtual std::int64_t next_ns() const = 0;
    /// Whether the end of a task may still make another one due.
    [[nodiscard]] virtual bool follows_endings() const { return false; }
    /// The front end has taken all tasks below `first_left`, at `now_ns`.
    virtual void taken(std::uint64_t first_left, std::int64_t now_ns) = 0;
    /// `count` tasks have ended, at `now_ns`. From any thread, one at a time, also while due_by
    /// runs.
    virtual void freed(std::uint64_t /*count*/, std::int64_t /*now_ns*/) {}

    /// When a task that due_by has counted became due; of a schedule also before that.
    [[nodiscard]] virtual std::int64_t due_ns(std::uint64_t id) const = 0;
    /// The same as a rule, with `due_ns` of every id where that is a schedule.
    [[nodiscard]] virtual arrival_rule rule() const { return {}; }
    /// An upper bound of how many tasks this window will have.
    [[nodiscard]] virtual std::uint64_t most() const = 0;
    /// Time for which arrivals were held up because the front end did not take them.
    [[nodiscard]] virtual std::int64_t back_pressure_ns() const { return 0; }
};

/// The arrivals of a cell in one round: the same for every strategy (drawn from the seed, the
/// workload, the load and the round), fresh in every round. Throws usage_error where the file of a
/// trace cannot be read or is not the one that was planned with.
std::unique_ptr<arrivals> make_arrivals(const cell& what, std::uint64_t study_seed, int round);

/// Reads the file of a trace again. Throws usage_error where it cannot be read or has changed since
/// the plan was made.
std::vector<std::int64_t> planned_trace(const trace_plan& trace);

}  // namespace stratbench
