#include "harness/launch/subordinate.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <system_error>
#include <utility>

#include "harness/base/clock.hpp"
#include "harness/base/descriptor.hpp"
#include "harness/base/pipe.hpp"
#include "harness/base/process/child_process.hpp"
#include "harness/base/process/inheritance.hpp"
#include "harness/base/process/orphans.hpp"
#include "harness/base/refusal.hpp"

namespace stratbench {
namespace {

/// How often a running one is left to see whether the user wants to stop.
constexpr int look_every_ms = 50;

/// How much of a deadline passes between two looks at most: longer is no look apart only where this
/// process was stopped or the machine slept, and then its subordinate may not have run either.
constexpr std::int64_t longest_step_ns = 500'000'000;

/// A sensible answer is far smaller; more than this is not read.
constexpr std::size_t longest_answer = std::size_t{256} << 20;

/// Supervisors of those that are there: not what another one has left behind.
std::vector<pid_t>& supervisors() {
    static std::vector<pid_t> all;
    return all;
}

}  // namespace

std::string this_program() {
    return "/proc/" + std::to_string(::getpid()) + "/exe";
}

std::string refusal_in(std::string_view line) {
    if (!line.starts_with(refusal_line)) {
        return "";
    }
    line.remove_prefix(std::string_view(refusal_line).size());
    return std::string(line.substr(0, line.find('\n')));
}

std::string how_it_ended(int wait_status) {
    if (WIFSIGNALED(wait_status)) {
        const int signal = WTERMSIG(wait_status);
        return fmt::format("killed by signal {} ({}){}", signal, strsignal(signal),
                           signal == SIGXCPU ? ": " + cpu_limit_reached() : "");
    }
    if (WEXITSTATUS(wait_status) == exit_code_not_loaded) {
        return why_not_loaded();
    }
    return fmt::format("ended with exit code {} and no record", WEXITSTATUS(wait_status));
}

subordinate::subordinate(const std::vector<std::string>& arguments,
                         std::vector<std::pair<int, int>> descriptors) {
    adopt_orphans();
    // In a program that writes to pipes it only hides the error.
    ignore_here(SIGPIPE);
    pipe_ends question = make_pipe();
    pipe_ends answer = make_pipe();
    descriptors.emplace_back(question.read.get(), STDIN_FILENO);
    descriptors.emplace_back(answer.write.get(), subordinate_answer_fd);
    std::vector<std::string> command = {worker_executable(), worker_role::supervisor,
                                        std::to_string(::getpid())};
    command.insert(command.end(), arguments.begin(), arguments.end());
    try {
        process_ = child_process(command, descriptors, session::ours);
    } catch (...) {
        end_children_but(supervisors());  // a supervisor that cannot be watched may have begun
        throw;
    }
    supervisors().push_back(process_.pid());
    question_ = std::move(question.write);
    answer_ = std::move(answer.read);
}

subordinate::~subordinate() {
    end(true);
}

void subordinate::tell(std::string_view text) {
    try {
        write_all(question_, text, "cannot tell a subordinate");
    } catch (const std::system_error&) {
    }
}

void subordinate::close() {
    question_.close();
}

/// Beside a line it hears that the process has ended and nothing of what it said is left to hear: a
/// process that it left behind may keep its end of the pipe open.
subordinate::heard subordinate::hear(std::string& line, std::int64_t& left_ns,
                                     const std::atomic<bool>& stop) {
    std::int64_t looked_ns = now_ns();
    std::size_t looked_at = 0;
    while (!stop.load()) {
        const std::int64_t now = now_ns();
        left_ns -= std::min(now - std::exchange(looked_ns, now), longest_step_ns);
        if (const std::size_t end = unread_.find('\n', looked_at); end != std::string::npos) {
            line.assign(unread_, 0, end);
            unread_.erase(0, end + 1);
            return heard::line;
        }
        looked_at = unread_.size();
        if (looked_at > longest_answer) {
            return heard::too_long;
        }
        pollfd ready[] = {{answer_.get(), POLLIN, 0}, {process_.pid_fd(), POLLIN, 0}};
        const int found = ::poll(ready, 2, left_ns > 0 ? look_every_ms : 0);
        if (found < 0 && errno != EINTR) {
            throw_refused(errno, "cannot wait for a trial");
        }
        if (found <= 0) {
            if (left_ns <= 0) {
                return heard::too_late;
            }
            continue;
        }
        if (ready[0].revents == 0 && ::poll(ready, 1, 0) == 0) {
            return heard::ended;
        }
        const std::size_t known = unread_.size();
        unread_.resize(known + (1 << 16));
        const ssize_t got = ::read(answer_.get(), unread_.data() + known, unread_.size() - known);
        const int error = errno;
        unread_.resize(known + static_cast<std::size_t>(std::max<ssize_t>(0, got)));
        if (got < 0 && error != EINTR) {
            throw_refused(error, "cannot hear a trial");
        }
        if (got > 0) {
            continue;
        }
        if (got == 0 && !unread_.empty()) {
            line = std::exchange(unread_, {});
            return heard::line;
        }
        if (got == 0) {
            return heard::ended;
        }
    }
    return heard::stopped;
}

int subordinate::end(bool kill) {
    if (!process_.running()) {
        return wait_status_;
    }
    question_.close();
    if (kill) {
        process_.kill(SIGKILL);
    }
    wait_status_ = process_.wait();
    std::erase(supervisors(), process_.pid());
    // Its supervisor ends what it leaves behind, unless that was killed itself.
    end_children_but(supervisors());
    return wait_status_;
}

subordinate_result run_subordinate(const std::vector<std::string>& arguments,
                                   std::vector<std::pair<int, int>> descriptors,
                                   std::int64_t deadline_ns, const std::atomic<bool>& stop) {
    using enum subordinate::heard;
    std::int64_t left_ns = deadline_ns;
    subordinate program(arguments, std::move(descriptors));
    program.close();
    subordinate_result result;
    for (std::string part;;) {
        result.ended = program.hear(part, left_ns, stop);
        if (result.ended != line) {
            break;
        }
        result.answer += part + "\n";
        if (result.answer.size() > longest_answer) {
            result.ended = too_long;
            break;
        }
    }
    result.wait_status = program.end(result.ended != ended);
    return result;
}

}  // namespace stratbench
