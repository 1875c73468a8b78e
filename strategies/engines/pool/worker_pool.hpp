#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <boost/container/deque.hpp>

#include "strategies/engines/channel/channel.hpp"
#include "strategies/engines/pool/pool_options.hpp"
#include "strategies/engines/pool/worker_seats.hpp"
#include "strategies/engines/worker/in_process_witness.hpp"
#include "strategies/engines/worker/worker_loop.hpp"

namespace stratbench {

/// A task that a pool has ended, with the tag that it was submitted with.
struct pool_result {
    completion done;
    void* tag = nullptr;
};

/// Executes tasks by workers. The pool decides which worker gets which task, and when; what none
/// has been given yet waits in its queue.
///
/// A worker is given little more than it needs until the owner can bring the next one, and what it
/// has not begun goes to a worker that has nothing to do: tasks wait in the pool, not behind a slow
/// neighbour. A worker that ends on its own, executes a task beyond its time, or scribbles over its
/// channel is replaced: the task that it was executing is `crashed` or `timed_out` (or tried again,
/// see containment), its others go to the rest. Where the system refuses a replacement, the pool
/// goes on with the workers that it has and asks again, less and less often.
///
/// Thread safety: one thread at a time; wake() from any thread.
class worker_pool {
  public:
    /// Returns when every worker is ready. Throws std::system_error where the system refuses, and
    /// std::runtime_error where a worker ends before it is ready.
    explicit worker_pool(const pool_options& options);
    worker_pool(const worker_pool&) = delete;
    worker_pool& operator=(const worker_pool&) = delete;
    /// Ends the workers and waits for them, processes that still have tasks by force: drain first.
    ~worker_pool() = default;

    /// Queues a task; dispatch() hands it on.
    void submit(const task& t, void* tag = nullptr) { pending_.push_back({t, {tag, 0}}); }
    /// Hands tasks without tags to the workers that have room, and queues the rest.
    void submit(std::span<const task> tasks);
    /// Gives queued tasks to the workers that have room.
    void dispatch();

    /// Calls f(const pool_result&) for every result that has come; then gives the workers more, and
    /// replaces those that are due for it. Returns how many came. Throws std::runtime_error or
    /// std::system_error where no worker has been left for long and none can be made.
    template <class F>
    std::size_t collect(F&& f);
    /// Appends the results to `into`.
    std::size_t collect(std::vector<pool_result>& into) {
        return collect([&into](const pool_result& each) { into.push_back(each); });
    }
    /// Gives up every task that no worker has begun: they end as cancelled, appended to `into`.
    void cancel_unstarted(std::vector<pool_result>& into);

    /// Tasks submitted whose results have not been collected.
    [[nodiscard]] std::size_t outstanding() const noexcept {
        return pending_.size() + handed_over_ + late_results_.size();
    }

    /// Blocks until results may have come, wake() was called, or collect is due all the same.
    void wait();
    /// Ends a wait, the present one or the next.
    void wake() const noexcept { seats_.alarm().wake(); }

    /// The parts of wait(), for an owner that sleeps in its own way: if arm says true (nothing has
    /// come), sleep in doze() or until wait_fd() is readable, but no longer than until
    /// look_again_ns(); then disarm. Only doze() may run while another thread uses the pool.
    bool arm();
    void doze(std::int64_t until_ns) const noexcept { seats_.alarm().sleep(until_ns); }
    void disarm();
    [[nodiscard]] int wait_fd() const noexcept { return seats_.alarm().wait_fd(); }
    /// When collect has something to do although no result came (a task is beyond its time, a
    /// worker is missing); never_ns = nothing. The time line of now_ns().
    [[nodiscard]] std::int64_t look_again_ns() const noexcept { return next_look_ns_; }

  private:
    struct queued {
        task work;
        owner_data kept;
    };

    /// Replaces a worker that has had its share of tasks and has none left.
    void recycle(std::size_t at);
    /// Replaces a worker that died, hangs or lost its way: the task that it was executing ends with
    /// this outcome (a crashed one may be tried again), and those that it has not begun are queued.
    void replace(std::size_t at, task_outcome outcome_of_begun);
    /// Collects what a worker has answered, for the next collect to hand out.
    void collect_rest(std::size_t at);
    void on_worker_death(std::size_t at);
    /// Looks for workers that have ended while their owner was too busy to sleep.
    void look_for_deaths();
    /// Replaces the workers whose indices are impossible; true if there were any.
    bool replace_corrupt();

    /// Does what is due at look_again_ns(): fills vacant seats and ends tasks that are beyond their
    /// time.
    void look_at_seats();
    void look_at_deadline(std::size_t at, std::int64_t now);
    /// Sees to it that a vacant seat is looked at when a worker may be made for it.
    void look_if_vacant(std::size_t at);
    void look_by(std::int64_t at_ns) noexcept { next_look_ns_ = std::min(next_look_ns_, at_ns); }

    /// Queues a task whose worker died once more, if it has attempts left.
    bool try_again(const task& t, owner_data kept);
    /// Moves tasks that a busy worker has not begun to the queue, for a worker that has none.
    void rebalance();
    /// How many tasks a worker should have in hand.
    [[nodiscard]] std::uint32_t enough_for_one() const noexcept;
    /// How many more tasks the worker of a seat may be given.
    [[nodiscard]] std::uint32_t room_for(const seat& s, std::uint32_t enough) const noexcept;
    /// Hands tasks from the front of a queue to the workers that have most room.
    template <class Queue>
    void distribute(Queue& from);
    template <class F>
    void collect_from(std::size_t at, F&& f);
    void learn_service_time(std::int64_t latest_ns) noexcept;
    /// Sees to the workers that have fewer tasks than before.
    void refill();

    /// A queue in large blocks: a million tasks may wait in it.
    using queue = boost::container::deque<
        queued, void,
        boost::container::deque_options<boost::container::block_bytes<1 << 16>>::type>;

    pool_options options_;
    in_process_witness failures_{options_.start.output};
    queue pending_;
    std::size_t handed_over_ = 0;
    /// How many collections an owner that never sleeps makes between two looks for workers that
    /// have ended.
    static constexpr std::uint32_t collections_per_look = 1024;
    std::uint32_t collections_ = 0;
    /// Results that were found while a worker was replaced, until collect hands them out.
    std::vector<pool_result> late_results_;
    /// Moving average of a task's execution time, from the replies' stamps; 0 = not known yet.
    double service_ns_ = 0;
    std::int64_t next_look_ns_ = never_ns;

    worker_seats seats_;
};

template <class F>
void worker_pool::collect_from(std::size_t at, F&& f) {
    std::int64_t stamped_ns = 0;
    bool nonsense = false;
    seats_[at].line->collect([&](const task& t, owner_data kept, const reply& answer) {
        --handed_over_;
        completion done =
            received(t, completion_of(t.id, answer), seats_[at].line->given_back(t), failures_);
        if (done.outcome > task_outcome::timed_out) {
            done.outcome = task_outcome::crashed;
            nonsense = true;
        }
        if (done.outcome == task_outcome::crashed && try_again(t, kept)) {
            return;
        }
        if (done.started_ns != 0) {
            stamped_ns = done.finished_ns - done.started_ns;
        }
        f(pool_result{done, kept.tag});
    });
    if (stamped_ns > 0) {
        learn_service_time(stamped_ns);
    }
    if (nonsense) {
        throw corrupt_channel("an impossible outcome");
    }
}

template <class F>
std::size_t worker_pool::collect(F&& f) {
    std::size_t count = 0;
    const auto hand_out = [&](const pool_result& each) {
        ++count;
        f(each);
    };
    for (const pool_result& each : late_results_) {
        hand_out(each);
    }
    late_results_.clear();
    for (std::size_t at = 0; at < seats_.size(); ++at) {
        if (!seats_[at].line) {
            continue;
        }
        try {
            collect_from(at, hand_out);
        } catch (const corrupt_channel&) {
            replace(at, task_outcome::crashed);
        }
    }
    if (count != 0) {
        refill();
    }
    if (++collections_ % collections_per_look == 0) {
        look_for_deaths();
    }
    if (next_look_ns_ != never_ns) {
        look_at_seats();
    }
    return count;
}

}  // namespace stratbench
