#pragma once

#include <cstdint>
#include <string>

#include "harness/model/environment.hpp"

namespace stratbench {

/// Describes machine and build, and calibrates the clock, the stamps, the window and the sleep of
/// this machine; takes about 150 ms. `executable` goes into Google Benchmark's context.
environment examine_environment(const std::string& executable);

/// How long before a due time a sleep should end, so that the task is handed over on time: twice
/// the machine's wake-up error, because how deep a virtual machine's CPUs rest changes from one
/// minute to the next; at most 100 us, which at 640 tasks a second is 6 % of a CPU. Nanoseconds.
std::int64_t pacing_spin_ns(const environment& machine);

/// Program and version: the same in every build of it.
std::string release_text();

/// Version, revision, hash of the build and compiler, for --version.
std::string version_text();

}  // namespace stratbench
