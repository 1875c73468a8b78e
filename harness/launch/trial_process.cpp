#include "harness/launch/trial_process.hpp"

// The body of a trial process: a request and then one order after the other in, a record out.

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <string>
#include <string_view>

#include "harness/base/descriptor.hpp"
#include "harness/base/process/inheritance.hpp"
#include "harness/base/refusal.hpp"
#include "harness/base/spec.hpp"
#include "harness/launch/protocol.hpp"
#include "harness/results/json.hpp"
#include "harness/trial/trial.hpp"
#include "strategies/engines/worker/worker_executable.hpp"

namespace stratbench {
namespace {

/// What came as standard input, line by line. Tasks find nothing there.
class orders {
  public:
    orders()
        : from_(checked(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1),
                        "cannot keep the harness's orders")) {
        const descriptor nothing(checked(::open("/dev/null", O_RDONLY | O_CLOEXEC), "/dev/null"));
        checked(::dup2(nothing.get(), STDIN_FILENO), "cannot close standard input");
    }

    /// Empty at the end.
    std::string next() {
        for (;;) {
            const std::size_t end = text_.find('\n');
            if (end != std::string::npos) {
                std::string line = text_.substr(0, end);
                text_.erase(0, end + 1);
                return line;
            }
            char buffer[65536];
            const ssize_t got = ::read(from_.get(), buffer, sizeof buffer);
            if (got < 0 && errno == EINTR) {
                continue;
            }
            if (checked(got, "cannot read the harness's orders") == 0) {
                return {};
            }
            text_.append(buffer, static_cast<std::size_t>(got));
        }
    }

  private:
    descriptor from_;
    std::string text_;
};

trial_record obey(const trial_request& request, orders& from, const descriptor& to) {
    const auto say = [&](const char* line) {
        write_all(to, std::string(line) + "\n", "cannot answer the harness");
    };
    trial_record failed;
    failed.round = request.round;
    try {
        trial running(request);
        say(trial_line::ready);
        for (;;) {
            const std::string order = from.next();
            if (!order.starts_with(trial_line::measure)) {
                return running.finish();
            }
            const std::string_view round =
                std::string_view(order).substr(std::string_view(trial_line::measure).size());
            if (!running.measure(
                    static_cast<int>(parse_integer(round, "round", 0, std::int64_t{1} << 30)))) {
                return running.finish();
            }
            say(trial_line::done);
        }
    } catch (const std::exception& error) {
        failed.fail(why_failed(error));
    }
    return failed;
}

}  // namespace

int trial_main(int answer_fd) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    // The harness may have died before that took effect: then nobody reads the record.
    pollfd reader{answer_fd, 0, 0};
    if (::poll(&reader, 1, 0) != 0) {
        return 2;
    }
    ::fcntl(answer_fd, F_SETFD, FD_CLOEXEC);
    // Lines that tasks print go to the harness's standard error, of which the reader may leave.
    ignore_here(SIGPIPE);
    const descriptor answer(answer_fd);
    try {
        orders from;
        const trial_request request = parse_request(from.next());
        const descriptor events(request.events_fd);
        if (events) {
            ::fcntl(events.get(), F_SETFD, FD_CLOEXEC);
        }
        write_all(answer, record_text(obey(request, from, answer)) + "\n",
                  "cannot write the record");
        return 0;
    } catch (const std::exception& error) {
        write_all(answer, refusal_line + why_failed(error) + "\n", "cannot write the record");
        return 2;
    }
}

}  // namespace stratbench
