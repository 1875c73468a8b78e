#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <boost/container/deque.hpp>

#include "strategies/engines/channel.hpp"
#include "strategies/engines/crew.hpp"
#include "strategies/strategy.hpp"

namespace stratbench {

enum class worker_kind { thread, process, process_per_task };

struct pool_options {
    worker_kind kind = worker_kind::process;
    int workers = 1;
    std::uint32_t max_payload_bytes = 0;
    process_ledger* ledger = nullptr;
    /// Tasks handed to a worker at a time; 0 = as many as keep it busy until the owner has had time
    /// to wake up and bring more.
    std::uint32_t chunk = 0;
};

/// A task that a pool has ended, with the tag that it was submitted with.
struct pool_result {
    completion done;
    void* tag = nullptr;
};

/// Workers, the channels to them, and the tasks that none of them has yet: the owner decides which
/// worker gets which task, and when.
///
/// A worker is given little more than it needs until the owner can bring the next one, and what it
/// has not begun goes to a worker that has nothing to do: tasks wait in the pool, not behind a slow
/// neighbour. A worker that ends on its own, or scribbles over its channel, is replaced: the task
/// that it was executing is `crashed`, its others go to the rest.
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
    ~worker_pool();

    /// Queues a task; dispatch() hands it on.
    void submit(const task& t, void* tag = nullptr) { pending.push_back({t, tag}); }
    /// Gives queued tasks to the workers that have room.
    void dispatch();
    /// Appends the results that have come; then gives the workers more. Returns how many came.
    std::size_t collect(std::vector<pool_result>& into);
    /// Gives up every task that no worker has begun: they end as cancelled, appended to `into`.
    void cancel_unstarted(std::vector<pool_result>& into);

    /// Tasks submitted whose results have not been collected.
    [[nodiscard]] std::size_t outstanding() const noexcept {
        return pending.size() + handed_over + casualties.size();
    }

    /// Blocks until results may have come or wake() was called.
    void wait();
    /// Ends a wait, the present one or the next.
    void wake() const noexcept;

    /// The parts of wait(), for an owner that sleeps in its own way: if arm says true (nothing has
    /// come), sleep in doze() or until wait_fd() is readable, then disarm. Only doze() may run
    /// while another thread uses the pool.
    bool arm();
    void doze() const noexcept;
    void disarm();
    [[nodiscard]] int wait_fd() const noexcept { return poller.get(); }

  private:
    struct queued {
        task what;
        void* tag;
    };
    struct seat {
        std::unique_ptr<channel> line;
        bool staged = false;
    };

    void hire(std::size_t at);
    void await_ready();
    void replace(std::size_t at);
    void bury(std::size_t at);
    void rebalance();
    std::size_t collect_from(std::size_t at, std::vector<pool_result>& into);
    [[nodiscard]] std::uint32_t enough_for_one() const noexcept;
    [[nodiscard]] channel_shape shape() const;

    /// A queue in large blocks: a million tasks may wait in it.
    using queue = boost::container::deque<
        queued, void,
        boost::container::deque_options<boost::container::block_bytes<1 << 16>>::type>;

    pool_options options;
    queue pending;
    std::size_t handed_over = 0;
    /// Results that came with the end of a worker, until collect hands them out.
    std::vector<pool_result> casualties;
    /// What a task has taken lately, from the replies' stamps; 0 = not known yet.
    double service_ns = 0;

    descriptor wake_up;  ///< eventfd
    descriptor poller;   ///< epoll over wake_up and the workers' ends
    std::vector<seat> seats;
    std::unique_ptr<crew> people;
};

}  // namespace stratbench
