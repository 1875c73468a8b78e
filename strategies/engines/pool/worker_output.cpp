#include "strategies/engines/pool/worker_output.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <array>
#include <csignal>
#include <cstring>
#include <utility>

#include "harness/base/process/thread.hpp"
#include "strategies/engines/pool/running_task.hpp"

namespace stratbench {
namespace {

/// How many bytes are read of a worker that is gone: more than the kernel holds of it, but not
/// without end, because a process that it left behind may go on printing.
constexpr ssize_t most_left_bytes = ssize_t{4} << 20;

}  // namespace

output_socket make_output_socket() {
    std::array<int, 2> ends{};
    checked(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()),
            "cannot make a socket for a worker's output");
    output_socket result{descriptor(ends[0]), descriptor(ends[1])};
    const int on = 1;
    checked(::setsockopt(ends[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof on),
            "cannot ask who writes to a socket");
    checked(::shutdown(ends[1], SHUT_RD), "cannot make a socket one-way");
    return result;
}

ssize_t read_printed(const descriptor& from, std::span<char> buffer, output_lines& lines) {
    iovec into{buffer.data(), buffer.size()};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(ucred))> control{};
    msghdr message{};
    message.msg_iov = &into;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    const ssize_t got = ::recvmsg(from.get(), &message, MSG_DONTWAIT);
    if (got <= 0) {
        return got;
    }
    ucred writer{};
    const cmsghdr* const about = CMSG_FIRSTHDR(&message);
    if (about != nullptr && about->cmsg_type == SCM_CREDENTIALS) {
        std::memcpy(&writer, CMSG_DATA(about), sizeof writer);
    }
    lines.add(writer.pid, {buffer.data(), static_cast<std::size_t>(got)});
    return got;
}

void read_last_printed(const descriptor& from, std::span<char> buffer, output_lines& lines) {
    ssize_t got = 0;
    for (ssize_t all = 0; all < most_left_bytes && (got = read_printed(from, buffer, lines)) > 0;) {
        all += got;
    }
    lines.finish();
}

struct worker_output::stream {
    descriptor from;
    output_lines lines;
};

struct worker_output::source {
    source(worker_output& owner, std::size_t at, pid_t process, const channel& to)
        : seat(at),
          worker(process),
          line(&to),
          receive([this, &owner](const auto& found) { owner.pass_on(*this, found); }) {}

    /// The task that `writer` seems to execute.
    [[nodiscard]] std::optional<std::uint64_t> likely_task(pid_t writer) const {
        return line != nullptr ? running_task(*line, writer) : last_task;
    }

    std::size_t seat;
    pid_t worker;
    /// Null once the worker is gone; guarded by the mutex.
    const channel* line;
    /// It is a fork server: each task has a process of its own.
    bool forks = line->shared().requests->shape.max_live != 0;
    /// The task that a worker that is gone was executing.
    std::optional<std::uint64_t> last_task;

    // Used by the reader only:
    output_lines::receiver receive;
    std::array<stream, 2> streams{stream{{}, {worker, receive}}, stream{{}, {worker, receive}}};
};

worker_output::worker_output(output_sink& sink)
    : sink_(sink),
      poller_(checked(::epoll_create1(EPOLL_CLOEXEC), "cannot make an epoll descriptor")),
      wake_up_(checked(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "cannot make an eventfd")),
      buffer_(output_lines::longest_line) {
    epoll_event wanted{};
    wanted.events = EPOLLIN;
    wanted.data.ptr = nullptr;
    checked(::epoll_ctl(poller_.get(), EPOLL_CTL_ADD, wake_up_.get(), &wanted),
            "cannot watch a descriptor");
    reader_ = start_thread("cannot start the reader of workers' output", [this] { serve(); });
}

worker_output::~worker_output() {
    {
        const std::lock_guard lock(mutex_);
        closing_ = true;
    }
    eventfd_write(wake_up_.get(), 1);
}

void worker_output::watch(std::size_t seat, descriptor output, descriptor errors, pid_t worker,
                          const channel& line) {
    auto made = std::make_unique<source>(*this, seat, worker, line);
    source& added = *made;
    added.streams[0].from = std::move(output);
    added.streams[1].from = std::move(errors);
    const std::lock_guard lock(mutex_);
    working_.emplace(seat, std::move(made));
    for (stream& each : added.streams) {
        epoll_event wanted{};
        wanted.events = EPOLLIN;
        wanted.data.ptr = &each;
        if (::epoll_ctl(poller_.get(), EPOLL_CTL_ADD, each.from.get(), &wanted) != 0) {
            const int reason = errno;
            let_go(added);
            throw std::system_error(reason, std::generic_category(),
                                    "cannot watch a worker's output");
        }
    }
}

void worker_output::leave(std::size_t seat) {
    const std::lock_guard lock(mutex_);
    if (const auto found = working_.find(seat); found != working_.end()) {
        let_go(*found->second);
    }
}

/// Leaves a source to the reader, which may be reading from it at this moment.
void worker_output::let_go(source& gone) {
    gone.last_task = gone.likely_task(gone.worker);
    gone.line = nullptr;
    leaving_.push_back(std::move(working_.extract(gone.seat).mapped()));
    eventfd_write(wake_up_.get(), 1);
}

void worker_output::serve() {
    // Must not end the trial: the process that reads our own output may be gone.
    sigset_t broken;
    sigemptyset(&broken);
    sigaddset(&broken, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &broken, nullptr);
    for (;;) {
        epoll_event event{};
        if (::epoll_wait(poller_.get(), &event, 1, -1) != 1) {
            continue;
        }
        if (event.data.ptr != nullptr) {
            stream& from = *static_cast<stream*>(event.data.ptr);
            if (read_printed(from.from, buffer_, from.lines) == 0) {
                stop_watching(from);  // no process is left that could write
            }
            continue;
        }
        eventfd_t ignored = 0;
        eventfd_read(wake_up_.get(), &ignored);
        settle();
        const std::lock_guard lock(mutex_);
        if (closing_ && leaving_.empty()) {
            return;
        }
    }
}

void worker_output::settle() {
    std::vector<std::unique_ptr<source>> gone;
    {
        const std::lock_guard lock(mutex_);
        gone = std::exchange(leaving_, {});
    }
    for (const auto& worker : gone) {
        for (stream& each : worker->streams) {
            read_last_printed(each.from, buffer_, each.lines);
            stop_watching(each);
        }
    }
}

/// Removes a stream from the epoll. Closing its descriptor would not do, because a process that is
/// just being made may hold a copy.
void worker_output::stop_watching(const stream& from) {
    ::epoll_ctl(poller_.get(), EPOLL_CTL_DEL, from.from.get(), nullptr);
}

void worker_output::pass_on(const source& from, const output_lines::found& line) {
    output_line printed{.worker = from.seat,
                        .process = line.writer,
                        .task = line.task,
                        .likely = line.likely,
                        .text = line.text};
    if (from.forks) {
        printed.worker.reset();
    }
    if (!printed.task) {
        const std::lock_guard lock(mutex_);
        printed.task = from.likely_task(line.writer);
        printed.likely = true;
    }
    sink_.line(printed);
}

}  // namespace stratbench
