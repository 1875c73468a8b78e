#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "harness/results/model.hpp"

namespace stratbench {

/// Describes machine and build, and calibrates the clock, the stamps, the window and the sleep of
/// this machine; takes about 150 ms. `executable` goes into Google Benchmark's context.
environment examine_environment(const std::string& executable);

/// How long before a due time a sleep should end, so that the task is handed over on time: twice
/// the machine's wake-up error, because how deep a virtual machine's CPUs rest changes from one
/// minute to the next; at most 100 us, which at 640 tasks a second is 6 % of a CPU. Nanoseconds.
std::int64_t pacing_spin_ns(const environment& machine);

/// What a reader should know before trusting the figures: of the machine, the build and the plan.
/// `root` goes before /proc and /sys; another directory in tests.
std::vector<warning> warnings_before(const environment& machine, const study_plan& plan,
                                     const std::string& root = "");

/// What happened while it was measured: how many trials bear a label of the machine, and how often
/// its CPUs were slowed down because of heat (a difference of thermal_throttles()).
std::vector<warning> warnings_after(const std::vector<cell_result>& cells,
                                    std::uint64_t thermal_throttles);

/// One line that names the warnings about the machine and the build, each with its advice; empty
/// where there are none. Those about the plan are the user's own choice and not named.
std::string environment_line(std::span<const warning> warnings);

/// The version with the revision, for --version.
std::string version_text();

}  // namespace stratbench
