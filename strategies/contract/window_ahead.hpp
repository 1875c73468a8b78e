#pragma once

#include <cstdint>
#include <span>
#include <type_traits>

#include "harness/base/clock.hpp"
#include "workloads/task.hpp"

namespace stratbench {

/// When the tasks of a window become due, for whoever has to know it without asking at that time.
struct arrival_rule {
    enum class shape : std::uint32_t {
        /// Each at an instant of its own, which is known before.
        scheduled,
        /// `at_once` at the window's opening, each other one when an ending has freed its slot,
        /// until `until_ns`.
        closed,
        /// A producer has one ready `every_ns` after it has put the one before into a queue, the
        /// first at the opening. Of `at_once` places, one becomes free when a task is accepted. A
        /// task is due when it is ready, and can be accepted when it is in the queue.
        producer,
    };
    shape kind = shape::scheduled;
    std::uint64_t at_once = 0;
    std::int64_t every_ns = 0;
    /// Counts from the window's opening.
    std::int64_t until_ns = never_ns;
};

/// What became of one task, as the program says that executed it. Instants are readings of
/// CLOCK_MONOTONIC, 0 = it did not come to that. The layout is part of the board's version.
struct task_account {
    std::int64_t accepted_ns = 0;
    /// Where it ran; only of tasks that are to be stamped.
    std::int64_t started_ns = 0;
    std::int64_t finished_ns = 0;
    std::int64_t completed_ns = 0;
    std::uint64_t value = 0;
    /// A task_outcome.
    std::uint32_t outcome = 0;
    /// Not 0: the front end had asked before the task was due.
    std::uint32_t waited_for = 0;
    std::uint32_t unused[3] = {};
    /// How often it has ended; written last. 1 for every task that was accepted.
    std::uint32_t endings = 0;
};
static_assert(std::is_trivially_copyable_v<task_account> && sizeof(task_account) == 64);

/// How sums of floats were added: it decides whether the same bits can be expected.
enum class sum_order : std::uint8_t {
    left_to_right,
    /// In another order, compensated, or of terms from another libm; see sum_within_bound.
    other,
};

/// A window whose tasks are all handed over before the first is due: for a strategy whose front end
/// is another program, which cannot ask a task_source at the due time. It accepts them by the
/// arrival_rule, in order of their ids, and says afterwards when that was.
///
/// Thread safety: one thread at a time (the one that calls strategy::run).
class window_ahead {
  public:
    window_ahead() = default;
    window_ahead(const window_ahead&) = delete;
    window_ahead& operator=(const window_ahead&) = delete;
    virtual ~window_ahead() = default;

    /// Ids are 0 to most() - 1; where tasks follow endings, not all of them need become due.
    [[nodiscard]] virtual std::uint64_t most() const = 0;
    [[nodiscard]] virtual task make(std::uint64_t id) const = 0;
    [[nodiscard]] virtual arrival_rule rule() const = 0;
    /// When a task of a schedule becomes due, counted from the opening.
    [[nodiscard]] virtual std::int64_t due_ns(std::uint64_t id) const = 0;
    /// The opening, on the now_ns() time line. Known when strategy::run is called, not before.
    [[nodiscard]] virtual std::int64_t opened_ns() const = 0;

    /// What became of them, by id: once, at the end of strategy::run. They are read later, so that
    /// this is not measured as a part of the run: they stay where they are until the strategy is
    /// used again. Nothing in them is believed, and it may change while it is read.
    virtual void hand_back(std::span<const task_account> accounts, sum_order floats) = 0;
};

}  // namespace stratbench
