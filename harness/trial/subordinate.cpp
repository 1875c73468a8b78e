#include "harness/trial/subordinate.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <utility>

#include "strategies/engines/child_process.hpp"
#include "strategies/engines/descriptor.hpp"
#include "strategies/engines/orphans.hpp"
#include "strategies/engines/worker_executable.hpp"
#include "workloads/clock.hpp"

namespace stratbench {
namespace {

/// How often a running one is left to see whether the user wants to stop.
constexpr int look_every_ms = 50;

/// A sensible answer is far smaller; more than this is not read.
constexpr std::size_t longest_answer = std::size_t{256} << 20;

struct pipe_ends {
    descriptor read;
    descriptor write;
};

pipe_ends make_pipe() {
    int ends[2];
    checked(::pipe2(ends, O_CLOEXEC), "cannot make a pipe");
    return {descriptor(ends[0]), descriptor(ends[1])};
}

/// Writes the input; one that does not read it shows in its missing answer. SIGPIPE is ignored for
/// good: in a program that writes to pipes it only hides the error.
void send(const descriptor& to, std::string_view text) {
    ::signal(SIGPIPE, SIG_IGN);
    try {
        write_all(to, text, "cannot send the request");
    } catch (const std::system_error&) {
    }
}

/// Hears until the other side closes its end, or `teller` has ended and nothing of what it said is
/// left to hear: a process that it left behind may keep that end open.
subordinate_result::how listen(const descriptor& from, const child_process& teller,
                               std::int64_t until_ns, const std::atomic<bool>& stop,
                               std::string& heard) {
    using enum subordinate_result::how;
    std::string buffer(1 << 16, '\0');
    while (!stop.load()) {
        if (now_ns() > until_ns) return too_late;
        pollfd ready[] = {{from.get(), POLLIN, 0}, {teller.pid_fd(), POLLIN, 0}};
        if (::poll(ready, 2, look_every_ms) <= 0) continue;
        if (ready[0].revents == 0) {
            if (::poll(ready, 1, 0) == 0) return finished;
            continue;
        }
        const ssize_t got = ::read(from.get(), buffer.data(), buffer.size());
        if (got == 0) return finished;
        if (got < 0) continue;
        heard.append(buffer, 0, static_cast<std::size_t>(got));
        if (heard.size() > longest_answer) return too_long;
    }
    return stopped;
}

}  // namespace

std::string this_program() {
    return "/proc/" + std::to_string(::getpid()) + "/exe";
}

std::string how_it_ended(int wait_status) {
    if (WIFSIGNALED(wait_status)) {
        const int signal = WTERMSIG(wait_status);
        return fmt::format("killed by signal {} ({})", signal, strsignal(signal));
    }
    return fmt::format("ended with exit code {} and no record", WEXITSTATUS(wait_status));
}

subordinate_result run_subordinate(const std::vector<std::string>& arguments,
                                   std::string_view input,
                                   std::vector<std::pair<int, int>> descriptors,
                                   std::int64_t deadline_ns, const std::atomic<bool>& stop) {
    adopt_orphans();
    pipe_ends question = make_pipe();
    pipe_ends answer = make_pipe();
    descriptors.emplace_back(question.read.get(), STDIN_FILENO);
    descriptors.emplace_back(answer.write.get(), subordinate_answer_fd);
    std::vector<std::string> kept = {worker_executable(), worker_role::keeper,
                                     std::to_string(::getpid())};
    kept.insert(kept.end(), arguments.begin(), arguments.end());
    child_process process(kept, descriptors, session::ours);
    question.read.close();
    answer.write.close();
    send(question.write, input);
    question.write.close();

    subordinate_result result;
    result.ended = listen(answer.read, process, now_ns() + deadline_ns, stop, result.answer);
    if (result.ended != subordinate_result::how::finished) process.kill(SIGKILL);
    result.wait_status = process.wait();
    // Its keeper ends what it leaves behind, unless that was killed itself.
    end_all_children();
    return result;
}

}  // namespace stratbench
