#include "strategies/engines/pool/worker_seats.hpp"

#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>
#include <stdexcept>
#include <system_error>

#include "harness/base/clock.hpp"
#include "harness/base/refusal.hpp"

namespace stratbench {
namespace {

/// How a worker process ended that was not ready yet: its exit code is the error number of what the
/// system refused it.
std::string early_end(int wait_status) {
    if (WIFSIGNALED(wait_status)) {
        return std::string("killed by a signal: ") + ::strsignal(WTERMSIG(wait_status));
    }
    const int code = WEXITSTATUS(wait_status);
    return code == exit_code_not_loaded ? why_not_loaded() : why_refused(code);
}

}  // namespace

worker_seats::worker_seats(const pool_options& options)
    : shape_(shape_of_channels(options)),
      counts_(options.start.counts),
      seats_(options.kind == worker_kind::process_per_task
                 ? 1
                 : static_cast<std::size_t>(options.start.workers)),
      hiring_(seats_.size()),
      crew_(make_crew(options)) {
    try {
        for (std::size_t at = 0; at < seats_.size(); ++at) {
            hire(at);
        }
        await_ready();
    } catch (...) {
        quit_all();
        crew_.reset();
        throw;
    }
}

worker_seats::~worker_seats() {
    quit_all();
    for (std::size_t at = 0; at < seats_.size(); ++at) {
        if (!seats_[at].line) {
            continue;
        }
        if (seats_[at].outstanding() == 0) {
            crew_->dismiss(at);
        } else {
            crew_->remove(at);
        }
    }
}

void worker_seats::quit_all() {
    for (auto& each : seats_) {
        if (each.line) {
            each.line->quit();
        }
    }
}

void worker_seats::hire(std::size_t at) {
    try {
        auto line = std::make_unique<channel>(shape_);
        crew_->hire(at, *line, wake_up_.event_fd());
        seats_[at].line = std::move(line);
    } catch (const std::bad_alloc&) {
        throw_refused(ENOMEM, "cannot start worker " + std::to_string(at + 1));
    }
    seats_[at].given = 0;
    seats_[at].deadline = {};
    if (const int fd = crew_->end_fd(at); fd >= 0) {
        wake_up_.watch(fd, at);
    }
}

void worker_seats::await_ready() {
    const auto ready = [](const seat& s) { return s.line->worker_is_ready(); };
    while (!std::all_of(seats_.begin(), seats_.end(), ready)) {
        // A wake-up may have been taken for an earlier one: look again soon.
        if (const wake_up::seats ended = wake_up_.ended(1); !ended.empty()) {
            const std::size_t at = ended.front();
            throw std::runtime_error("cannot start worker " + std::to_string(at + 1) + ": " +
                                     early_end(remove(at)));
        }
    }
}

int worker_seats::remove(std::size_t at) {
    if (const int fd = crew_->end_fd(at); fd >= 0) {
        wake_up_.forget(fd);
    }
    return crew_->remove(at);
}

void worker_seats::rehire(std::size_t at) {
    if (counts_ != nullptr) {
        ++counts_->workers_replaced;
    }
    if (!seats_[at].line->worker_is_ready()) {
        leave_vacant(at, "worker processes end before they are ready");
        return;
    }
    hiring_.succeeded(at);
    try_to_hire(at);
}

void worker_seats::try_to_hire(std::size_t at) {
    try {
        hire(at);
    } catch (const std::system_error& refused) {
        if (seats_[at].line) {
            remove(at);
        }
        leave_vacant(at, refused.what());
    }
}

void worker_seats::leave_vacant(std::size_t at, const std::string& why) {
    const std::int64_t now = now_ns();
    seats_[at].line.reset();
    hiring_.failed(at, now);
    const bool deserted =
        std::none_of(seats_.begin(), seats_.end(), [](const seat& each) { return !!each.line; });
    if (deserted && hiring_.is_hopeless(now)) {
        throw std::runtime_error("no worker is left and none can be made: " + why);
    }
}

}  // namespace stratbench
