#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "strategies/contract/process_ledger.hpp"
#include "strategies/contract/task_output.hpp"
#include "strategies/engines/channel/channel.hpp"

namespace stratbench {

/// Who works at the far end of the channels: threads or processes. Seats are numbered from 0.
///
/// Thread safety: one thread at a time.
class crew {
  public:
    crew() = default;
    crew(const crew&) = delete;
    crew& operator=(const crew&) = delete;
    /// Ends whoever is left.
    virtual ~crew() = default;

    /// Puts a worker on `seat`, at the far end of `to`, which must outlive it. It wakes the owner
    /// through the eventfd `wake_fd`. Throws std::system_error where the system refuses.
    virtual void hire(std::size_t seat, channel& to, int wake_fd) = 0;

    /// A descriptor that becomes readable when the worker ends without being told to; -1 for a
    /// worker that cannot end on its own.
    [[nodiscard]] virtual int end_fd(std::size_t seat) const = 0;

    /// Makes sure that the worker of `seat` is gone, by force.
    virtual void remove(std::size_t seat) = 0;

    /// Waits for the worker of `seat` to end; its channel has been told to quit.
    virtual void dismiss(std::size_t seat) = 0;
};

// Each gives the lines that its tasks print to `output`; null = standard error, labelled.

std::unique_ptr<crew> make_thread_crew(output_sink* output);
/// Worker processes. Each is entered in the ledger (not null).
std::unique_ptr<crew> make_process_crew(process_ledger* ledger, output_sink* output);
/// Fork servers: processes that make a process for each task. Their children are reported to the
/// ledger as well.
std::unique_ptr<crew> make_fork_server_crew(process_ledger* ledger, output_sink* output);

}  // namespace stratbench
