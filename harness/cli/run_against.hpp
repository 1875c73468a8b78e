#pragma once

#include "harness/cli/commands.hpp"
#include "harness/cli/run_options.hpp"

namespace stratbench {

/// `run --against`: measures this build and another one side by side, compares them, and gives the
/// exit code. Throws usage_error and `interrupted` before anything is measured.
int run_against(const run_options& o, const arguments& typed);

}  // namespace stratbench
