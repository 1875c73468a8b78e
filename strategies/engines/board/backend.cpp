#include "strategies/engines/board/backend.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <stdexcept>
#include <utility>

#include "harness/base/clock.hpp"
#include "harness/base/poll_timeout.hpp"
#include "harness/base/spec.hpp"
#include "strategies/engines/board/board.hpp"
#include "strategies/engines/pool/worker_output.hpp"

namespace stratbench {
namespace {

struct socket_pair {
    descriptor ours, theirs;
};

socket_pair make_control_sockets() {
    std::array<int, 2> ends{};
    checked(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()),
            "cannot make a socket for a backend");
    return {descriptor(ends[0]), descriptor(ends[1])};
}

std::string how_it_went(int wait_status) {
    return WIFSIGNALED(wait_status)
               ? fmt::format("was ended by signal {}", WTERMSIG(wait_status))
               : fmt::format("ended with exit code {}", WEXITSTATUS(wait_status));
}

child_process start_program(const std::vector<std::string>& command, int board, int control,
                            int output) {
    const std::array<std::pair<int, int>, 4> passed{{{output, STDOUT_FILENO},
                                                     {output, STDERR_FILENO},
                                                     {board, backend_fd::board},
                                                     {control, backend_fd::control}}};
    return {command, passed, session::own};
}

}  // namespace

backend::backend(const backend_command& command, int board, const start_options& options)
    : name_(command.name),
      ledger_(options.ledger),
      sink_(options.output == nullptr ? standard_error_output() : *options.output),
      control_(descriptor()),
      lines_(0,
             [this](const output_lines::found& line) {
                 sink_.line({.process = line.writer, .text = line.text});
             }),
      buffer_(output_lines::longest_line) {
    socket_pair control = make_control_sockets();
    output_socket output = make_output_socket();
    control_ = control_stream(std::move(control.ours));
    output_ = std::move(output.read);
    told_ns_ = now_ns();
    process_ = start_program(command.arguments, board, control.theirs.get(), output.write.get());
    ledger_->born(process_.pid());
    control.theirs.close();
    output.write.close();
    try {
        await("hello", starting_ns);
        ask(fmt::format(R"({{"say":"start","protocol":{},"workers":{}}})", board_version,
                        options.workers),
            "ready", starting_ns);
    } catch (const std::exception&) {
        reap();
        throw;
    }
}

backend::~backend() {
    reap();
}

void backend::ask(std::string_view line, std::string_view expected, std::int64_t patience_ns) {
    told_ns_ = now_ns();
    try {
        control_.say(line);
    } catch (const std::runtime_error& error) {
        fail(error.what());
    }
    await(expected, patience_ns);
}

/// Waits for a line that says `expected`.
void backend::await(std::string_view expected, std::int64_t patience_ns) {
    const std::int64_t until_ns = patience_ns == never_ns ? never_ns : now_ns() + patience_ns;
    std::string line;
    heard what = heard::nothing;
    try {
        what = listen(until_ns, line);
        if (what == heard::line) {
            check(parse_backend_line(line), expected);
            return;
        }
    } catch (const std::runtime_error& error) {
        fail(error.what());
    }
    if (what == heard::closed) {
        fail(fmt::format("it closed its control stream before it said '{}'", expected));
    }
    if (what == heard::nothing) {
        fail(fmt::format("it has not said '{}' within {}", expected, duration_text(patience_ns)));
    }
    reap();
    fail(fmt::format("it {} before it said '{}'", how_it_went(wait_status_), expected));
}

void backend::check(const backend_line& line, std::string_view expected) {
    if (line.say == "cannot") {
        throw std::runtime_error("it says: " + in_quotes(line.why));
    }
    if (line.say != expected) {
        throw std::runtime_error(
            fmt::format("it said {} instead of '{}'", in_quotes(line.say), expected));
    }
    if (expected == "hello" && line.protocol != board_version) {
        throw std::runtime_error(fmt::format("it knows version {} of the board, and this is {}",
                                             line.protocol, board_version));
    }
    if (expected == "hello") {
        floats_ = line.floats;
    }
    if (line.now_ns < told_ns_ || line.now_ns > now_ns()) {
        throw std::runtime_error("its clock is not CLOCK_MONOTONIC in nanoseconds");
    }
}

/// Waits for a line or for the end of the process, and passes on what it prints meanwhile. One that
/// closes its end of the stream is ending, or will never say anything.
backend::heard backend::listen(std::int64_t until_ns, std::string& line) {
    std::array<pollfd, 3> watched{
        {{process_.pid_fd(), POLLIN, 0}, {control_.fd(), POLLIN, 0}, {output_.get(), POLLIN, 0}}};
    for (;;) {
        if (now_ns() >= until_ns) {
            return watched[1].fd < 0 ? heard::closed : heard::nothing;
        }
        if (control_.next(line)) {
            return heard::line;
        }
        if (::poll(watched.data(), watched.size(), poll_timeout_ms(until_ns)) <= 0) {
            continue;
        }
        if (watched[2].revents != 0 && read_printed(output_, buffer_, lines_) == 0) {
            watched[2].fd = -1;
        }
        if (watched[1].revents != 0 && !control_.read()) {
            watched[1].fd = -1;
            until_ns = std::min(until_ns, now_ns() + ending_ns);
        }
        // What it said before its end has been read now: that may still be a line.
        if (watched[0].revents != 0 && watched[1].revents == 0) {
            return heard::ended;
        }
    }
}

void backend::end() {
    const std::int64_t until_ns = now_ns() + ending_ns;
    heard what = heard::line;
    try {
        control_.say(R"({"say":"stop"})");
        for (std::string line; what == heard::line;) {
            what = listen(until_ns, line);
        }
    } catch (const std::runtime_error&) {
        what = heard::nothing;
    }
    reap();
    if (what != heard::ended) {
        fail(fmt::format("it did not end within {} of being told to stop",
                         duration_text(ending_ns)));
    }
}

/// Ends it, and what is left of its process group.
void backend::reap() {
    if (!process_.running()) {
        return;
    }
    process_.kill(SIGKILL);
    ledger_->leaves(process_.pid());
    wait_status_ = process_.wait();
    read_last_printed(output_, buffer_, lines_);
}

void backend::fail(const std::string& how) {
    throw std::runtime_error(fmt::format("backend {}: {}", in_quotes(name_), how));
}

}  // namespace stratbench
