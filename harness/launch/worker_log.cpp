#include "harness/launch/worker_log.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "harness/base/clock.hpp"
#include "harness/base/pipe.hpp"
#include "harness/base/process/thread.hpp"
#include "harness/base/sleep.hpp"

namespace stratbench {
namespace {

/// Of a line that does not end, so much is kept back at most.
constexpr std::size_t most_unfinished = std::size_t{64} << 10;

/// After which it waits again where the system has refused to let it wait.
constexpr std::int64_t again_ns = 10'000'000;

}  // namespace

worker_log::worker_log(const output& place)
    : reader_may_leave_(place.is_standard_stream()),
      to_(place.open_for_lines()),
      before_each_(::isatty(to_.get()) == 1 ? "\r\033[K" : ""),
      finishing_(checked(::eventfd(0, EFD_CLOEXEC), "cannot make an eventfd")),
      lines_(to_.get()) {
    pipe_ends ends = make_pipe("cannot make a pipe for the worker log");
    from_ = std::move(ends.read);
    into_ = std::move(ends.write);
    thread_ = start_thread("cannot start the writer of the worker log",
                           [this](const std::stop_token& told) { pass_on_lines(told); });
}

void worker_log::say(std::string_view line) {
    write_all(into_, std::string(line) + "\n", "cannot write to the worker log");
}

void worker_log::pass_on_lines(const std::stop_token& told) {
    std::array<char, 1 << 16> buffer{};
    std::array<pollfd, 2> watched{{{from_.get(), POLLIN, 0}, {finishing_.get(), POLLIN, 0}}};
    // It ends when it is told to and not with the last writer: a process that a task left behind
    // may keep its end of the pipe.
    for (;;) {
        if (::poll(watched.data(), watched.size(), -1) <= 0) {
            if (told.stop_requested()) {
                break;
            }
            sleep_until(now_ns() + again_ns);
            continue;
        }
        if (watched[0].revents == 0) {
            break;
        }
        const ssize_t got = ::read(from_.get(), buffer.data(), buffer.size());
        if (got > 0) {
            pass_on({buffer.data(), static_cast<std::size_t>(got)});
        }
    }
    lines_.put(unfinished_);
}

void worker_log::pass_on(std::string_view printed) {
    unfinished_.append(printed);
    std::size_t length = unfinished_.rfind('\n') + 1;
    if (length == 0 && unfinished_.size() >= most_unfinished) {
        length = unfinished_.size();
    }
    if (length != 0) {
        lines_.put(before_each_ + unfinished_.substr(0, length));
        unfinished_.erase(0, length);
    }
}

const std::string& worker_log::finish() {
    if (thread_.joinable()) {
        thread_.request_stop();
        eventfd_write(finishing_.get(), 1);
        thread_.join();
        if (!(reader_may_leave_ && lines_.reader_left())) {
            failure_ = lines_.failure();
        }
    }
    return failure_;
}

}  // namespace stratbench
