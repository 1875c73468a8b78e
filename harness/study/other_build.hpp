#pragma once

#include <atomic>
#include <string>

#include "harness/model/build_description.hpp"
#include "harness/model/plan.hpp"

namespace stratbench {

/// What this binary says of itself. Takes about 150 ms, see examine_environment.
build_description describe_this_build(const std::string& executable);

/// Body of the hidden subcommand `describe`: says it on descriptor `answer_fd`, as trial_main says
/// its record. Returns the exit code.
int describe_main(const std::string& executable, int answer_fd);

/// A stratbench that this one is to measure beside itself.
struct other_build {
    /// Where it is, whatever the working directory.
    std::string program;
    build_description is;
};

/// Asks the binary at `path` to describe itself. Throws usage_error with one line where it is none,
/// does not speak as this one does, or lacks its worker; `interrupted` as launch_trial.
other_build examine_build(const std::string& path, const std::atomic<bool>& stop);

/// The plan as it is for that build: with the versions of its own workloads. Throws usage_error
/// where it lacks a strategy or a workload.
study_plan planned_for(const other_build& build, study_plan plan);

}  // namespace stratbench
