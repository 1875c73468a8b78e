#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "harness/launch/launcher.hpp"

namespace stratbench::test {

/// So many strategies with the same batch of one task.
inline study_plan plan_of(int cells) {
    study_plan plan;
    plan.seed = 17;
    for (int i = 0; i < cells; ++i) {
        cell& c = plan.cells.emplace_back();
        c.index = i;
        c.strategy = "s" + std::to_string(i);
        c.workload = "sum_range:n=5000";
        c.load.text = "batch:1";
        c.load.tasks = 1;
        c.serial_ns = 1000;
    }
    return plan;
}

/// Trials whose slices are recorded instead of run: each gives its record, and the trial's is that
/// of its last one.
class recorded_trial final : public running_trial {
  public:
    using recorder = std::function<trial_record(const trial_request&)>;

    recorded_trial(const trial_request& of, recorder by)
        : request_(of), generation_(of.round), give_(std::move(by)) {}

    bool measure(int round, std::int64_t) override {
        request_.round = round;
        record_ = give_(request_);
        record_.round = generation_;
        return record_.state != status::failed;
    }
    trial_record finish(std::int64_t) override { return record_; }

  private:
    trial_request request_;
    int generation_;
    recorder give_;
    trial_record record_;
};

inline trial_starter recorded(
    std::function<trial_record(const trial_request&, std::int64_t, const std::atomic<bool>&)>
        give) {
    return [give = std::move(give)](const trial_request& request, std::int64_t deadline_ns,
                                    const std::atomic<bool>& stop) {
        return std::make_unique<recorded_trial>(
            request, [&stop, give, deadline_ns](const trial_request& of_slice) {
                return give(of_slice, deadline_ns, stop);
            });
    };
}

}  // namespace stratbench::test
