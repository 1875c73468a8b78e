#include "harness/launch/launcher.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "harness/launch/protocol.hpp"
#include "harness/results/json.hpp"

namespace stratbench {
namespace {

/// Descriptor on which a trial process writes its completion stream, where one is wanted.
constexpr int events_fd = 4;

std::vector<std::pair<int, int>> descriptors_of(const trial_program& program,
                                                const trial_request& request) {
    std::vector<std::pair<int, int>> all = {{program.output_fd, STDOUT_FILENO},
                                            {program.output_fd, STDERR_FILENO}};
    if (request.events_fd >= 0) {
        all.emplace_back(request.events_fd, events_fd);
    }
    return all;
}

class trial_in_a_process final : public running_trial {
  public:
    trial_in_a_process(const trial_program& program, const trial_request& request,
                       const std::atomic<bool>& stop)
        : stop_(stop),
          round_(request.round),
          process_({program.path, "trial"}, descriptors_of(program, request)) {
        trial_request forwarded = request;
        if (forwarded.events_fd >= 0) {
            forwarded.events_fd = events_fd;
        }
        process_.tell(request_text(forwarded) + "\n");
    }

    void wait_until_ready(std::int64_t deadline_ns) { expect(trial_line::ready, deadline_ns); }

    bool measure(int round, std::int64_t deadline_ns) override {
        if (over_) {
            return false;
        }
        process_.tell(fmt::format("{}{}\n", trial_line::measure, round));
        return expect(trial_line::done, deadline_ns);
    }

    trial_record finish(std::int64_t deadline_ns) override {
        if (!over_) {
            process_.tell(std::string(trial_line::finish) + "\n");
            expect("", deadline_ns);
        }
        return std::move(record_);
    }

  private:
    /// Hears whether it says what is `wanted`; what else it says is its record, or no sense.
    bool expect(std::string_view wanted, std::int64_t deadline_ns) {
        using enum subordinate::heard;
        std::string text;
        std::int64_t left_ns = deadline_ns;
        const subordinate::heard how = process_.hear(text, left_ns, stop_);
        if (how == stopped) {
            throw interrupted();
        }
        if (how == line && !wanted.empty() && text == wanted) {
            return true;
        }
        over_ = true;
        if (how == too_late) {
            fail(fmt::format("killed after {:.1f} s: it hung",
                             static_cast<double>(deadline_ns) * 1e-9));
        } else if (how == too_long) {
            fail("killed: its record would not end");
        } else {
            end(text);
        }
        process_.end(true);
        return false;
    }

    /// It has said the last that it says.
    void end(const std::string& text) {
        // One that has sent its record ends at once.
        std::string more;
        std::int64_t ending_ns = 10'000'000'000;
        const bool lingers = process_.hear(more, ending_ns, stop_) != subordinate::heard::ended;
        const int wait_status = process_.end(lingers);
        if (stop_) {
            throw interrupted();
        }
        if (const std::string why = refusal_in(text); !why.empty()) {
            fail(why);
            return;
        }
        if (text.empty() || (wait_status != 0 && !lingers)) {
            fail("trial process " + how_it_ended(wait_status));
            return;
        }
        try {
            record_ = parse_record(text);
        } catch (const std::exception& error) {
            fail(std::string("trial process sent no valid record: ") + error.what());
        }
    }

    void fail(std::string reason) {
        record_ = {};
        record_.round = round_;
        record_.fail(std::move(reason));
    }

    const std::atomic<bool>& stop_;
    int round_;
    subordinate process_;
    bool over_ = false;
    trial_record record_;
};

}  // namespace

std::unique_ptr<running_trial> start_trial_by(const trial_program& program,
                                              const trial_request& request,
                                              std::int64_t deadline_ns,
                                              const std::atomic<bool>& stop) {
    auto started = std::make_unique<trial_in_a_process>(program, request, stop);
    started->wait_until_ready(deadline_ns);
    return started;
}

std::unique_ptr<running_trial> start_trial(const trial_request& request, std::int64_t deadline_ns,
                                           const std::atomic<bool>& stop) {
    return start_trial_by({}, request, deadline_ns, stop);
}

trial_record finish_trial(running_trial& running, std::int64_t deadline_ns,
                          const std::atomic<bool>& stop) {
    trial_record record = running.finish(deadline_ns);
    if (stop && record.state == status::failed) {
        throw interrupted();
    }
    return record;
}

trial_record run_trial(const trial_starter& start, const trial_request& request,
                       std::int64_t deadline_ns, const std::atomic<bool>& stop) {
    const auto running = start(request, deadline_ns, stop);
    running->measure(request.round, deadline_ns);
    return finish_trial(*running, deadline_ns, stop);
}

trial_record launch_trial(const trial_request& request, std::int64_t deadline_ns,
                          const std::atomic<bool>& stop) {
    return run_trial(start_trial, request, deadline_ns, stop);
}

}  // namespace stratbench
