#include "harness/base/process/program_run.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstring>
#include <stdexcept>

#include "harness/base/clock.hpp"
#include "harness/base/descriptor.hpp"
#include "harness/base/hash.hpp"
#include "harness/base/pipe.hpp"
#include "harness/base/poll_timeout.hpp"
#include "harness/base/refusal.hpp"
#include "harness/base/spec.hpp"

namespace stratbench {
namespace {

/// Whether this process was made for one task, and whoever made it ends all of its group.
bool leads_a_tasks_group() {
    return ::getpgrp() == ::getpid() && ::getsid(0) != ::getpid();
}

/// Starts it without a copy of this process's memory; nothing but system calls may happen in the
/// child, which runs in ours until it is another program.
pid_t start(char* const* arguments, const descriptor& out, const descriptor& errors,
            bool own_group) {
    const descriptor nothing(checked(::open("/dev/null", O_RDONLY | O_CLOEXEC), "/dev/null"));
    // Ours, also where a closed stream made room for a small number.
    const pid_t parent = ::getpid();
    volatile int failed = 0;
    const pid_t child = ::vfork();
    if (child == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (::getppid() != parent) {
            ::_exit(127);
        }
        if (own_group) {
            ::setpgid(0, 0);
        }
        ::signal(SIGPIPE, SIG_DFL);
        ::dup2(nothing.get(), STDIN_FILENO);
        ::dup2(out.get(), STDOUT_FILENO);
        ::dup2(errors.get(), STDERR_FILENO);
        ::execvp(arguments[0], arguments);
        failed = errno;
        ::_exit(127);
    }
    const int error = child < 0 ? errno : failed;
    if (child > 0 && error != 0) {
        ::waitpid(child, nullptr, 0);
    }
    if (error != 0) {
        throw_refused(error, "cannot start " + in_quotes(arguments[0]));
    }
    return child;
}

/// What comes out of one of its streams.
class stream {
  public:
    explicit stream(descriptor from) : from_(std::move(from)) {
        ::fcntl(from_.get(), F_SETFL, O_NONBLOCK);
    }

    [[nodiscard]] pollfd wanted() const { return {from_.get(), POLLIN, 0}; }
    [[nodiscard]] std::size_t bytes() const { return bytes_; }
    [[nodiscard]] std::uint64_t hash() const { return mix64(hash_, bytes_); }
    /// Its first line, as long as a path may be at most.
    [[nodiscard]] std::string first_line() const { return begin_.substr(0, begin_.find('\n')); }

    /// Reads what is there; closes it at its end.
    void read() {
        std::array<char, 16384> some;
        while (from_) {
            const ssize_t got = ::read(from_.get(), some.data(), some.size());
            if (got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN)) {
                from_.close();
                return;
            }
            if (got < 0 && errno == EAGAIN) {
                return;
            }
            add({some.data(), static_cast<std::size_t>(std::max<ssize_t>(0, got))});
            if (bytes_ > most_program_output) {
                return;
            }
        }
    }

  private:
    void add(std::string_view more) {
        constexpr std::size_t most_kept = PATH_MAX;
        begin_ += more.substr(0, most_kept - std::min(most_kept, begin_.size()));
        bytes_ += more.size();
        hash_ = fnv1a(hash_, more);
    }

    descriptor from_;
    std::string begin_;
    std::size_t bytes_ = 0;
    std::uint64_t hash_ = fnv1a_of_nothing;
};

/// A program that runs; killed and reaped by the destructor, with its group.
class running_program {
  public:
    running_program(pid_t id, bool leads) : id_(id), leads_(leads) {
        handle_ = descriptor(static_cast<int>(::syscall(SYS_pidfd_open, id_, 0)));
        if (!handle_) {
            const int reason = errno;
            end();
            throw_refused(reason, "cannot watch a program");
        }
    }
    running_program(const running_program&) = delete;
    running_program& operator=(const running_program&) = delete;
    ~running_program() { end(); }

    [[nodiscard]] pollfd ended() const { return {handle_.get(), POLLIN, 0}; }

    /// Kills what is left of the program, or of its group; gives its wait status.
    int end() noexcept {
        if (id_ == 0) {
            return status_;
        }
        // Until it has been reaped no other process has its number.
        ::kill(leads_ ? -id_ : id_, SIGKILL);
        while (::waitpid(id_, &status_, 0) < 0 && errno == EINTR) {
        }
        // Where this process adopts orphans, they are its children now.
        while (leads_ && (::waitpid(-id_, nullptr, 0) > 0 || errno == EINTR)) {
        }
        id_ = 0;
        return status_;
    }

  private:
    pid_t id_;
    bool leads_;
    int status_ = 0;
    descriptor handle_;
};

}  // namespace

program_end run_program(std::span<char* const> arguments, std::int64_t until_ns) {
    const std::int64_t began_ns = now_ns();
    const bool own_group = !leads_a_tasks_group();
    pipe_ends out_pipe = make_pipe();
    pipe_ends error_pipe = make_pipe();
    running_program program(start(arguments.data(), out_pipe.write, error_pipe.write, own_group),
                            own_group);
    out_pipe.write.close();
    error_pipe.write.close();
    stream out(std::move(out_pipe.read));
    stream errors(std::move(error_pipe.read));

    const auto fail = [&](const std::string& how) {
        program.end();
        constexpr std::size_t readable = 200;
        const std::string complaint = errors.first_line().substr(0, readable);
        throw std::runtime_error(in_quotes(arguments[0]) + " " + how +
                                 (complaint.empty() ? "" : ": " + complaint));
    };
    for (bool ended = false; !ended;) {
        std::array<pollfd, 3> events{out.wanted(), errors.wanted(), program.ended()};
        const int ready = ::poll(events.data(), events.size(), poll_timeout_ms(until_ns));
        if (ready < 0 && errno != EINTR) {
            throw_refused(errno, "cannot wait for a program");
        }
        ended = ready > 0 && events[2].revents != 0;
        out.read();
        errors.read();
        if (out.bytes() > most_program_output || errors.bytes() > most_program_output) {
            fail("prints more than " + bytes_text(most_program_output));
        }
        if (!ended && until_ns != never_ns && now_ns() >= until_ns) {
            const std::int64_t whole_ms = (until_ns - began_ns + 500'000) / 1'000'000;
            fail("did not end within " + duration_text(whole_ms * 1'000'000));
        }
    }
    const int status = program.end();
    if (WIFSIGNALED(status)) {
        fail(std::string("was ended by a signal: ") + ::strsignal(WTERMSIG(status)));
    }
    return {WEXITSTATUS(status), out.hash(), out.first_line()};
}

}  // namespace stratbench
