#pragma once

#include "harness/cli/command_files.hpp"
#include "harness/cli/commands.hpp"
#include "harness/cli/run_options.hpp"

namespace stratbench {

/// `run --against`: measures this build and another one side by side, compares them, and gives the
/// exit code. Throws usage_error and `interrupted` before anything is measured.
int run_against(const run_options& o, const arguments& typed, command_files& files);

/// Where the results of the base go: beside those of this build, if nothing else was said.
std::string base_out_of(const run_options& o);

}  // namespace stratbench
