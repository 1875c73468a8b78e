#include "harness/trial/launcher.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <string>
#include <utility>
#include <vector>

#include "harness/results/json.hpp"
#include "harness/trial/subordinate.hpp"

namespace stratbench {
namespace {

/// Descriptor on which a trial process writes its completion stream, where one is wanted.
constexpr int events_fd = 4;

trial_record failure(const trial_request& request, std::string reason) {
    trial_record record;
    record.round = request.round;
    record.what = status::failed;
    record.reason = std::move(reason);
    return record;
}

}  // namespace

trial_record launch_trial(const trial_request& request, std::int64_t deadline_ns,
                          const std::atomic<bool>& stop) {
    return launch_trial_by({}, request, deadline_ns, stop);
}

trial_record launch_trial_by(const trial_program& program, const trial_request& request,
                             std::int64_t deadline_ns, const std::atomic<bool>& stop) {
    using enum subordinate_result::how;
    std::vector<std::pair<int, int>> descriptors = {{program.output_fd, STDOUT_FILENO},
                                                    {program.output_fd, STDERR_FILENO}};
    trial_request told = request;
    if (request.events_fd >= 0) {
        descriptors.emplace_back(request.events_fd, events_fd);
        told.events_fd = events_fd;
    }
    const subordinate_result trial = run_subordinate({program.path, "trial"}, request_text(told),
                                                     std::move(descriptors), deadline_ns, stop);
    switch (trial.ended) {
        case stopped:
            throw interrupted();
        case too_late:
            return failure(request, fmt::format("killed after {:.1f} s: it hung",
                                                static_cast<double>(deadline_ns) * 1e-9));
        case too_long:
            return failure(request, "killed: its record would not end");
        case finished:
            break;
    }
    if (trial.wait_status != 0 || trial.answer.empty()) {
        return failure(request, "trial process " + how_it_ended(trial.wait_status));
    }
    try {
        return parse_record(trial.answer);
    } catch (const std::exception& error) {
        return failure(request, std::string("trial process sent no valid record: ") + error.what());
    }
}

}  // namespace stratbench
