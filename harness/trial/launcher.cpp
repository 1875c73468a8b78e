#include "harness/trial/launcher.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "harness/results/json.hpp"
#include "harness/trial/subordinate.hpp"

namespace stratbench {
namespace {

<<<<<<< HEAD
/// Descriptor on which a trial process writes its record.
constexpr int record_fd = 3;

/// Descriptor on which it writes its completion stream, where one is wanted.
constexpr int events_fd = 4;

/// How often a running trial is left to see whether the user wants to stop.
constexpr int look_every_ms = 50;

/// A record of a healthy trial is far smaller; more than this is not read.
constexpr std::size_t longest_record = std::size_t{256} << 20;

struct pipe_ends {
    descriptor read;
    descriptor write;
};

pipe_ends make_pipe() {
    int ends[2];
    checked(::pipe2(ends, O_CLOEXEC), "cannot make a pipe");
    return {descriptor(ends[0]), descriptor(ends[1])};
}

/// Ends and reaps what a trial left behind. Its processes die with it, by the kernel's hand, but
/// not at the same instant; as orphans they have become children of this process.
void reap_orphans() {
    for (;;) {
        const pid_t ended = ::waitpid(-1, nullptr, WNOHANG);
        if (ended > 0 || (ended < 0 && errno == EINTR)) continue;
        if (ended < 0) return;  // no child is left
        std::ifstream children("/proc/thread-self/children");
        for (pid_t child = 0; children >> child;) ::kill(child, SIGKILL);
        ::waitpid(-1, nullptr, 0);
    }
}

std::string how_it_ended(int wait_status) {
    if (WIFSIGNALED(wait_status)) {
        const int signal = WTERMSIG(wait_status);
        return fmt::format("trial process killed by signal {} ({})", signal, strsignal(signal));
    }
    return fmt::format("trial process ended with exit code {} and no record",
                       WEXITSTATUS(wait_status));
}

=======
>>>>>>> 57d9e7a (Measure the strategies beside their peers and print the ratios)
trial_record failure(const trial_request& request, std::string reason) {
    trial_record record;
    record.round = request.round;
    record.what = status::failed;
    record.reason = std::move(reason);
    return record;
}

<<<<<<< HEAD
/// Writes the request; a trial process that does not read it shows in the missing record. SIGPIPE
/// is ignored for good: in a program that writes to pipes it only hides the error.
void send(const descriptor& to, std::string_view text) {
    ::signal(SIGPIPE, SIG_IGN);
    try {
        write_all(to, text, "cannot send the request");
    } catch (const std::system_error&) {
    }
}

enum class listening { finished, too_late, too_long, stopped };

/// Hears until the other side closes its end, or `teller` has ended and nothing of what it said is
/// left to hear: a process that it left behind may keep that end open.
listening listen(const descriptor& from, const child_process& teller, std::int64_t until_ns,
                 const std::atomic<bool>& stop, std::string& heard) {
    std::string buffer(1 << 16, '\0');
    while (!stop.load()) {
        if (now_ns() > until_ns) return listening::too_late;
        pollfd ready[] = {{from.get(), POLLIN, 0}, {teller.pid_fd(), POLLIN, 0}};
        if (::poll(ready, 2, look_every_ms) <= 0) continue;
        if (ready[0].revents == 0) {
            if (::poll(ready, 1, 0) == 0) return listening::finished;
            continue;
        }
        const ssize_t got = ::read(from.get(), buffer.data(), buffer.size());
        if (got == 0) return listening::finished;
        if (got < 0) continue;
        heard.append(buffer, 0, static_cast<std::size_t>(got));
        if (heard.size() > longest_record) return listening::too_long;
    }
    return listening::stopped;
}

=======
>>>>>>> 57d9e7a (Measure the strategies beside their peers and print the ratios)
}  // namespace

trial_record launch_trial(const trial_request& request, std::int64_t deadline_ns,
                          const std::atomic<bool>& stop) {
<<<<<<< HEAD
    return launch_trial_printing_to(STDERR_FILENO, request, deadline_ns, stop);
}

trial_record launch_trial_printing_to(int output_fd, const trial_request& request,
                                      std::int64_t deadline_ns, const std::atomic<bool>& stop) {
    checked(::prctl(PR_SET_CHILD_SUBREAPER, 1), "cannot become the reaper of orphans");
    pipe_ends question = make_pipe();
    pipe_ends answer = make_pipe();
    std::vector<std::pair<int, int>> descriptors = {{question.read.get(), STDIN_FILENO},
                                                    {answer.write.get(), record_fd},
                                                    {output_fd, STDOUT_FILENO},
                                                    {output_fd, STDERR_FILENO}};
    trial_request told = request;
    if (request.events_fd >= 0) {
        descriptors.emplace_back(request.events_fd, events_fd);
        told.events_fd = events_fd;
    }
    child_process process({"/proc/self/exe", "trial"}, descriptors);
    question.read.close();
    answer.write.close();
    send(question.write, request_text(told));
    question.write.close();

    std::string heard;
    const listening how = listen(answer.read, process, now_ns() + deadline_ns, stop, heard);
    if (how != listening::finished) process.kill(SIGKILL);
    const int wait_status = process.wait();
    reap_orphans();
    switch (how) {
        case listening::stopped:
=======
    using enum subordinate_result::how;
    const subordinate_result trial =
        run_subordinate({"/proc/self/exe", "trial"}, request_text(request), deadline_ns, stop);
    switch (trial.ended) {
        case stopped:
>>>>>>> 57d9e7a (Measure the strategies beside their peers and print the ratios)
            throw interrupted();
        case too_late:
            return failure(request, fmt::format("killed after {:.1f} s: it hung",
                                                static_cast<double>(deadline_ns) * 1e-9));
        case too_long:
            return failure(request, "killed: its record would not end");
        case finished:
            break;
    }
<<<<<<< HEAD
    if (wait_status != 0 || heard.empty()) return failure(request, how_it_ended(wait_status));
=======
    if (trial.wait_status != 0) {
        return failure(request, "trial process " + how_it_ended(trial.wait_status));
    }
>>>>>>> 57d9e7a (Measure the strategies beside their peers and print the ratios)
    try {
        return parse_record(trial.answer);
    } catch (const std::exception& error) {
        return failure(request, std::string("trial process sent no valid record: ") + error.what());
    }
}

}  // namespace stratbench
