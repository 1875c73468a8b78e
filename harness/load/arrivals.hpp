#pragma once

#include <cstdint>
#include <memory>

#include "harness/plan/plan.hpp"

namespace stratbench {

/// When the tasks of one window become due. Instants are nanoseconds from the window's start. Tasks
/// are numbered from 0 in order of their due time.
///
/// Thread safety: one thread at a time.
class arrivals {
  public:
    arrivals() = default;
    arrivals(const arrivals&) = delete;
    arrivals& operator=(const arrivals&) = delete;
    virtual ~arrivals() = default;

    /// How many tasks have become due by `now_ns`, which never goes back.
    virtual std::uint64_t due_by(std::int64_t now_ns) = 0;
    /// When the first task that due_by has not counted becomes due; `never_ns` after the last.
    [[nodiscard]] virtual std::int64_t next_ns() const = 0;
    /// The front end has taken all tasks below `first_left`, at `now_ns`.
    virtual void taken(std::uint64_t first_left, std::int64_t now_ns) = 0;

    /// When a task that due_by has counted became due.
    [[nodiscard]] virtual std::int64_t due_ns(std::uint64_t id) const = 0;
    /// An upper bound of how many tasks this window will have.
    [[nodiscard]] virtual std::uint64_t most() const = 0;
    /// Time for which arrivals were held up because the front end did not take them.
    [[nodiscard]] virtual std::int64_t back_pressure_ns() const { return 0; }
};

/// The arrivals of a cell in one round: the same for every strategy (drawn from the seed, the
/// workload, the load and the round), fresh in every round.
std::unique_ptr<arrivals> make_arrivals(const cell& what, std::uint64_t study_seed, int round);

}  // namespace stratbench
