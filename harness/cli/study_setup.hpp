#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "harness/cli/command_files.hpp"
#include "harness/cli/commands.hpp"
#include "harness/cli/run_options.hpp"
#include "harness/launch/worker_log.hpp"
#include "harness/study/study.hpp"

namespace stratbench {

// What `run` does before it measures one build or two.

/// How trials are launched, and where their workers print: standard error, or the log that was
/// asked for, each trial under a heading of its own.
class trial_launchers {
  public:
    /// The log, if it is wanted, is emptied when the first trial is launched; it is of `files`,
    /// which outlive this.
    explicit trial_launchers(command_files& files);

    /// Trials of that program. `whose` is part of the headings ("base").
    [[nodiscard]] trial_starter of(const std::string& program = this_program(),
                                   const std::string& whose = "") const;

    /// When all trials are over: says why lines are missing from the log. Whether any is.
    [[nodiscard]] bool tell_lost_lines() const;

  private:
    struct log_when_needed {
        const output* place;
        std::optional<worker_log> log;
    };
    /// Shared by the launchers; null where there is none.
    std::shared_ptr<log_when_needed> log_;
};

/// The plan that was asked for; what is read for it is said to `files`; trials are run for it where
/// a rate is in %own. Throws usage_error.
study_plan plan_of(const run_options& o, const trial_starter& start, command_files& files);

/// A study that is to be measured: identity, plan, machine, and what to know before. Throws
/// usage_error where --strict-environment forbids it.
study_results prepare_study(const study_plan& plan, environment machine, const run_options& o,
                            const arguments& typed);

/// Saves a side of a study after each generation as the output of `option`; empty where it is not
/// wanted. A stream gets the results once, at the end.
std::function<void(const study_results&)> saver(std::string_view option, command_files& files);
void save_to_stream(std::string_view option, const study_results& study, command_files& files);

/// Says how far an interrupted study came; gives the exit code.
int tell_interruption(const study_results& study);

/// Throws usage_error where --strict-environment does not accept what was seen while measuring.
void check_environment_after(const study_results& study, const run_options& o);

}  // namespace stratbench
