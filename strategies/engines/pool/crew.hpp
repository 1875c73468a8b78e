#pragma once

#include <cstddef>
#include <memory>

#include "strategies/engines/channel/channel.hpp"
#include "strategies/engines/pool/pool_options.hpp"

namespace stratbench {

/// Makes the workers at the far end of the channels, threads or processes, and ends them. Each has
/// a seat; seats are numbered from 0.
///
/// Thread safety: one thread at a time.
class crew {
  public:
    crew() = default;
    crew(const crew&) = delete;
    crew& operator=(const crew&) = delete;
    /// Ends the workers that are left.
    virtual ~crew() = default;

    /// Puts a worker on `seat`, at the far end of `line`, which must outlive it. It wakes the owner
    /// through the eventfd `wake_fd`. Throws std::system_error where the system refuses.
    virtual void hire(std::size_t seat, channel& line, int wake_fd) = 0;

    /// A descriptor that becomes readable when the worker ends without being told to; -1 for a
    /// worker that cannot end on its own.
    [[nodiscard]] virtual int end_fd(std::size_t seat) const = 0;

    /// Kills the worker of `seat`, if it has not ended, and waits for its end. A thread cannot be
    /// killed: its channel has been told to quit. Gives the wait status of a process.
    virtual int remove(std::size_t seat) = 0;

    /// Waits for the worker of `seat` to end, whose channel has been told to quit. A process that
    /// does not end soon is killed. Gives the wait status of a process.
    virtual int dismiss(std::size_t seat) = 0;
};

/// The crew of a pool with these options.
std::unique_ptr<crew> make_crew(const pool_options& options);

}  // namespace stratbench
