// The body of a trial process: a request in, a record out.

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <string>

#include "harness/results/json.hpp"
#include "harness/trial/trial.hpp"
#include "strategies/engines/descriptor.hpp"

namespace stratbench {
namespace {

std::string read_all(int fd) {
    std::string text;
    char buffer[65536];
    for (;;) {
        const ssize_t got = ::read(fd, buffer, sizeof buffer);
        if (got < 0 && errno == EINTR) continue;
        if (checked(got, "cannot read the trial's request") == 0) return text;
        text.append(buffer, static_cast<std::size_t>(got));
    }
}

}  // namespace

int trial_main(int record_fd) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    // The harness may have died before that took effect: then nobody reads the record.
    pollfd reader{record_fd, 0, 0};
    if (::poll(&reader, 1, 0) != 0) return 2;
    ::fcntl(record_fd, F_SETFD, FD_CLOEXEC);
    // Lines that tasks print go to the harness's standard error, of which the reader may leave.
    ::signal(SIGPIPE, SIG_IGN);
    try {
        const descriptor record(record_fd);
        const trial_request request = parse_request(read_all(STDIN_FILENO));
        const descriptor events(request.events_fd);
        if (events) ::fcntl(events.get(), F_SETFD, FD_CLOEXEC);
        write_all(record, record_text(run_trial(request)), "cannot write the record");
        return 0;
    } catch (const std::exception& error) {
        fmt::print(stderr, "stratbench trial: {}\n", error.what());
        return 2;
    }
}

}  // namespace stratbench
