#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/model/plan.hpp"
#include "harness/model/results.hpp"
#include "harness/trial/analysis.hpp"
#include "strategies/contract/heartbeat.hpp"

namespace stratbench {

/// The result of one slice of a trial.
struct slice_result {
    int round = 0;
    /// Without durations and what follows from them.
    trial_record figures;
    window_durations times;
    /// Heartbeats of the event loop, if there is one; readings of the clock.
    std::vector<heartbeat> beats;
    std::int64_t opened_ns = 0;
    /// From the window's opening until the strategy's run had returned.
    std::int64_t ran_ns = 0;
    /// How it was paused, as pause_watch says it: then its figures mean nothing.
    std::string paused;
};

/// Makes one record of a trial's slices.
class slice_sum {
  public:
    explicit slice_sum(const cell& planned) : planned_(planned) {}

    /// A slice that was paused is left out; a trial that has no other has failed.
    void add(slice_result&& slice);
    /// Whether a slice has failed: then the trial has, and no figure of it counts.
    [[nodiscard]] bool failed() const { return sum_.state == status::failed; }
    /// `started` has what was seen of the trial outside its slices.
    [[nodiscard]] trial_record record(const trial_record& started) const;

  private:
    void add_counts(const trial_record& figures);
    void add_cpu(const cpu_figures& cpu);
    void label_trial(trial_record& record) const;

    const cell& planned_;
    trial_record sum_;
    window_durations times_;
    std::vector<heartbeat> beats_;
    std::int64_t opened_ns_ = 0;
    std::int64_t ran_ns_ = 0;
    std::vector<double> elapsed_ns_, windows_ns_, rates_, offered_, growth_;
    phase_means phases_;
    double blocked_ns_ = 0;
    std::vector<slice_record> slices_;
    /// How the last slice that was left out was paused.
    std::string paused_;
};

}  // namespace stratbench
