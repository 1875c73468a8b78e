#pragma once

#include <memory>
#include <string>

#include "harness/base/descriptor.hpp"
#include "harness/cli/commands.hpp"
#include "harness/cli/run_options.hpp"
#include "harness/study/study.hpp"

namespace stratbench {

// What `run` does before it measures one build or two.

/// Whether an output is a file: not "none".
bool wanted(const std::string& path);

/// How trials are launched, and where their workers print: standard error, or the log that was
/// asked for, each trial under a heading of its own.
class trial_launchers {
  public:
    /// Empties the log.
    explicit trial_launchers(const run_options& o);

    /// Trials of that program. `whose` is part of the headings ("base").
    [[nodiscard]] trial_starter of(const std::string& program = this_program(),
                                   const std::string& whose = "") const;

  private:
    std::string path_;
    /// Shared by the launchers.
    std::shared_ptr<descriptor> log_;
};

/// The plan that was asked for; trials are run for it where a rate is in %own. Throws usage_error.
study_plan plan_of(const run_options& o, const trial_starter& start);

/// A study that is to be measured: identity, plan, machine, and what to know before. Throws
/// usage_error where --strict-environment forbids it.
study_results prepare_study(const study_plan& plan, environment machine, const run_options& o,
                            const arguments& typed);

/// Says how far an interrupted study came; gives the exit code.
int tell_interruption(const study_results& study);

/// Throws usage_error where --strict-environment does not accept what was seen while measuring.
void check_environment_after(const study_results& study, const run_options& o);

}  // namespace stratbench
