#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "strategies/engines/channel/channel.hpp"
#include "strategies/engines/pool/crew.hpp"
#include "strategies/engines/pool/deadline_watch.hpp"
#include "strategies/engines/pool/hiring_policy.hpp"
#include "strategies/engines/pool/pool_options.hpp"
#include "strategies/engines/pool/wake_up.hpp"

namespace stratbench {

/// A place for a worker, and the channel to it.
struct seat {
    /// Null while the seat is vacant.
    std::unique_ptr<channel> line;
    /// Tasks were staged and not yet published.
    bool staged = false;
    /// Tasks that this worker has been given.
    std::uint64_t given = 0;
    deadline_watch deadline = {};

    [[nodiscard]] std::uint32_t outstanding() const { return line ? line->outstanding() : 0; }
};

/// The seats of a pool: puts workers on them and removes them again. Tasks are the pool's matter.
///
/// Thread safety: one thread at a time; what wake_up allows besides.
class worker_seats {
  public:
    /// Returns when every seat has a worker that is ready. Throws std::system_error where the
    /// system refuses, and std::runtime_error where a worker ends before it is ready.
    explicit worker_seats(const pool_options& options);
    worker_seats(const worker_seats&) = delete;
    worker_seats& operator=(const worker_seats&) = delete;
    /// Ends the workers and waits for them; those that still have tasks are removed.
    ~worker_seats();

    [[nodiscard]] std::size_t size() const noexcept { return seats_.size(); }
    seat& operator[](std::size_t at) noexcept { return seats_[at]; }
    [[nodiscard]] auto begin() noexcept { return seats_.begin(); }
    [[nodiscard]] auto end() noexcept { return seats_.end(); }

    /// Makes sure that the worker of a seat is gone, and that nothing is heard of its end any more:
    /// that would be taken for the end of the seat's next worker. Its channel stays. Gives the wait
    /// status of a process.
    int remove(std::size_t at);
    /// Puts a new worker, with a new channel, on a seat from which one was removed, and counts it
    /// as replaced. Where the system refuses, or the old worker never was ready, the seat is vacant
    /// for a while. Throws std::runtime_error where no worker has been left for long.
    void rehire(std::size_t at);
    /// Tries to put a worker on a vacant seat. Throws as rehire does.
    void try_to_hire(std::size_t at);
    /// When to try that.
    [[nodiscard]] std::int64_t next_attempt_ns(std::size_t at) const {
        return hiring_.next_attempt_ns(at);
    }

    wake_up& alarm() noexcept { return wake_up_; }
    [[nodiscard]] const wake_up& alarm() const noexcept { return wake_up_; }

  private:
    void hire(std::size_t at);
    void await_ready();
    void quit_all();
    /// `why` is what stands against a worker.
    void leave_vacant(std::size_t at, const std::string& why);

    channel_shape shape_;
    containment_counts* counts_;
    wake_up wake_up_;
    std::vector<seat> seats_;
    hiring_policy hiring_;
    std::unique_ptr<crew> crew_;
};

}  // namespace stratbench
