#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "harness/base/idle_spin.hpp"
#include "harness/base/sleep_flag.hpp"
#include "harness/load/arrivals.hpp"
#include "harness/trial/time_line.hpp"
#include "strategies/contract/task_flow.hpp"
#include "workloads/task_template.hpp"

namespace stratbench {

/// Tasks that one call of take gave: `count` from `first` on, all accepted at the same instant.
struct acceptance {
    std::uint64_t first = 0;
    std::uint64_t count = 0;
    std::int64_t at_ns = 0;
    /// The front end had asked before the first of them was due, so this one's acceptance tells how
    /// punctual the pacing is.
    bool waited_for = false;
};

/// One task that was stamped where it ran.
struct stamp {
    std::uint64_t id = 0;
    std::int64_t started_ns = 0;
    std::int64_t finished_ns = 0;
};

/// Hears of the tasks of a window while it is open, from the measured threads: so it must be quick.
///
/// Thread safety: `accepted` from the front end, in order of ids from 0; `ended` from any thread,
/// one at a time, also while `accepted` runs.
class window_listener {
  public:
    window_listener() = default;
    window_listener(const window_listener&) = delete;
    window_listener& operator=(const window_listener&) = delete;
    virtual ~window_listener() = default;

    /// `due_ns` counts from the window's start, `at_ns` is a reading of its time line.
    virtual void accepted(std::uint64_t id, std::int64_t due_ns, std::int64_t at_ns) = 0;
    /// Each task ends once.
    virtual void ended(const completion& done, std::int64_t at_ns) = 0;
};

/// How a window hands out its tasks.
struct window_rules {
    task_template model;
    /// Seed of the tasks of this window.
    std::uint64_t seed = 0;
    /// One task in this many is stamped; a power of two.
    std::uint32_t stamp_one_in = 1;
    /// How long before a due time a waiting front end stops sleeping and spins.
    std::int64_t pacing_spin_ns = 0;
    /// Tasks that are due and still not taken at this instant are never handed out; nanoseconds
    /// from the window's start.
    std::int64_t drain_until_ns = never_ns;
    /// Outlives the window.
    time_line& time = machine_time::instance();
    /// Outlives the window; may be null.
    window_listener* listener = nullptr;
};

/// What became of one task. completed_ns is 0 for one that has not ended.
struct ending {
    std::int64_t completed_ns = 0;
    std::uint64_t value = 0;
    task_outcome outcome = task_outcome::ok;
};

/// Memory for the record of one window after the other: new pages cost a millisecond for each MiB
/// on a virtual machine. A window that is given an empty one makes its own.
struct window_record {
    std::vector<acceptance> taken;
    /// By task id; those of no window are the default.
    std::vector<ending> endings;
    std::vector<stamp> stamped;

    /// Makes room for a window of so many tasks, one in `stamp_one_in` of which is stamped; its
    /// pages are there then.
    void make_room(std::uint64_t tasks, std::uint32_t stamp_one_in);
};

/// The measured window of a trial, as the strategy sees it: the source of its tasks and the sink of
/// their completions; and the record of both. Memory for the record is in place before the window
/// opens. All instants in the record are readings of its time line.
///
/// Thread safety: take on one thread, complete on any, end from any; the record is read when the
/// strategy's run has returned.
class window final : public task_source, public completion_sink, public window_ahead {
  public:
    window(std::unique_ptr<arrivals> load, const window_rules& rules, window_record room = {});

    /// The room, for the next window. Ends this one's use.
    window_record release();

    /// Time 0 of the arrivals is now.
    void open();
    /// No more tasks, at once.
    void end() {
        ended_.store(true);
        front_end_.wake();
    }

    take_result take(std::span<task> into, take_mode mode) override;
    void complete(std::span<const completion> done) override;

    window_ahead* ahead() override { return this; }
    [[nodiscard]] std::uint64_t most() const override { return load_->most(); }
    [[nodiscard]] arrival_rule rule() const override { return load_->rule(); }
    [[nodiscard]] std::int64_t due_ns(std::uint64_t id) const override { return load_->due_ns(id); }
    void hand_back(std::span<const task_account> accounts, sum_order floats) override {
        accounts_ = accounts;
        floats_ = floats;
    }
    [[nodiscard]] sum_order floats() const { return floats_; }
    /// Where accounts were handed back: enters them into the record, as if the tasks had been taken
    /// and completed at those instants. `returned_ns` is when strategy::run returned. Throws
    /// std::runtime_error, which says of which task, where an account cannot be true.
    void settle(std::int64_t returned_ns);

    /// Task number `id` as it was handed out.
    [[nodiscard]] task make(std::uint64_t id) const override;
    /// Task number `id`, except that it does not misbehave.
    [[nodiscard]] task make_tame(std::uint64_t id) const {
        return rules_.model.tamed().make(id, rules_.seed);
    }

    [[nodiscard]] const task_template& model() const { return rules_.model; }
    [[nodiscard]] std::int64_t opened_ns() const override { return start_ns_; }
    [[nodiscard]] std::uint64_t accepted() const { return next_; }
    /// Tasks that were due by `at_ns` (a reading of the time line) of those that the load has.
    std::uint64_t due_by(std::int64_t at_ns) { return load_->due_by(at_ns - start_ns_); }
    [[nodiscard]] const arrivals& schedule() const { return *load_; }
    [[nodiscard]] const std::vector<acceptance>& acceptances() const { return record_.taken; }
    [[nodiscard]] const std::vector<stamp>& stamps() const { return record_.stamped; }

    /// By task id.
    [[nodiscard]] const std::vector<ending>& endings() const { return record_.endings; }
    /// Completions that cannot be true: of an unknown task, or a second one of a task.
    [[nodiscard]] std::uint64_t impossible_completions() const { return impossible_; }
    /// CPU that the front end spun away between the end of a sleep and the due time.
    [[nodiscard]] std::int64_t spun_ns() const { return spun_pacing_ns_; }

  private:
    void make_in(task& t, std::uint64_t id) const;
    [[nodiscard]] bool is_stamped(std::uint64_t id) const;
    [[nodiscard]] std::size_t hand_out(std::span<task> into, std::uint64_t due, std::int64_t now);
    void await_ending();
    void enter(std::uint64_t id, const task_account& account, std::int64_t returned_ns);
    void replay();

    std::unique_ptr<arrivals> load_;
    window_rules rules_;
    std::int64_t start_ns_ = 0;
    std::atomic<bool> ended_{false};

    std::uint64_t next_ = 0;
    /// Since when the front end has been asking for the task that is due next; 0 = it is not.
    std::int64_t asking_since_ns_ = 0;
    /// Since when it has been doing so without a sleep; 0 = it is not.
    std::int64_t spinning_since_ns_ = 0;
    /// Whether it has slept meanwhile.
    bool has_slept_ = false;
    std::int64_t spun_pacing_ns_ = 0;
    /// Where the front end sleeps until a task ends or the window does.
    sleep_flag front_end_;
    idle_spin spin_;

    /// Guards what endings change in the record.
    std::mutex mutex_;
    window_record record_;
    std::uint64_t impossible_ = 0;

    std::span<const task_account> accounts_;
    sum_order floats_ = sum_order::left_to_right;
};

}  // namespace stratbench
