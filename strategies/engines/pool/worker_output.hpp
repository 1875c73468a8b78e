#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "harness/base/descriptor.hpp"
#include "strategies/contract/task_output.hpp"
#include "strategies/engines/channel/channel.hpp"
#include "strategies/engines/pool/output_lines.hpp"

namespace stratbench {

/// Both ends of a stream that a worker process prints into.
struct output_socket {
    descriptor read;
    descriptor write;
};

/// A stream whose reader learns from the kernel, for each piece, which process wrote it. Both ends
/// close on exec. Throws std::system_error where the system refuses.
output_socket make_output_socket();

/// Cuts a piece of what was printed into such a stream into lines; `buffer` is room for it. Returns
/// what recv does: the number of bytes, 0 at the end, -1 where there is nothing now.
ssize_t read_printed(const descriptor& from, std::span<char> buffer, output_lines& lines);

/// The same of all that is left, and of lines without an end, when the process that it is of is
/// gone.
void read_last_printed(const descriptor& from, std::span<char> buffer, output_lines& lines);

/// Reads what the worker processes of a crew print, on a thread that sleeps while they are silent,
/// and passes it on as lines. A worker that prints faster than its lines are taken waits; no other
/// does.
///
/// Thread safety: one thread at a time.
class worker_output {
  public:
    /// Throws std::system_error where the system refuses a thread or a descriptor.
    explicit worker_output(output_sink& sink);
    worker_output(const worker_output&) = delete;
    worker_output& operator=(const worker_output&) = delete;
    /// Returns when all that was printed has been passed on.
    ~worker_output();

    /// Reads from now on what `worker`, on the far end of `line`, prints to its standard output and
    /// error; the channel outlives the call of leave(). `seat` has no worker. Throws
    /// std::system_error where the system refuses.
    void watch(std::size_t seat, descriptor output, descriptor errors, pid_t worker,
               const channel& line);
    /// The worker of `seat` has been reaped: what it has printed until now is all. Does not wait.
    void leave(std::size_t seat);

  private:
    struct source;
    struct stream;

    void serve();
    void let_go(source& gone);
    void settle();
    void stop_watching(const stream& from);
    void pass_on(const source& from, const output_lines::found& line);

    output_sink& sink_;
    descriptor poller_;   ///< epoll over wake_up and the sockets
    descriptor wake_up_;  ///< eventfd

    /// Guards what follows, but not what only the reader uses of a source. Never held while lines
    /// are passed on.
    std::mutex mutex_;
    std::map<std::size_t, std::unique_ptr<source>> working_;
    /// Sources whose worker is gone, until the reader has read their rest.
    std::vector<std::unique_ptr<source>> leaving_;
    bool closing_ = false;

    std::vector<char> buffer_;
    std::jthread reader_;
};

}  // namespace stratbench
