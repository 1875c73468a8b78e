#pragma once

#include <string>

namespace stratbench {

/// Google Benchmark's context object for this machine and this build, as JSON text: what every
/// tool that reads its files expects. `library_build_type` states our own build type, not that of
/// the distribution's library, which says "debug" whatever the optimisation.
std::string benchmark_context(const std::string& executable);

/// "release" or "debug": how this binary was compiled.
const char* own_build_type();

}  // namespace stratbench
