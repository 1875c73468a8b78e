#pragma once

#include "harness/trial/window.hpp"

namespace stratbench {

/// CPU time that one of the window's tasks costs when this thread executes it; nanoseconds. Taken
/// in the same trial process as the window, so that a slow minute of the machine cancels out. 0 for
/// a window without tasks. Where sizes are drawn, one of mean size.
double serial_cpu_ns(const window& measured);

}  // namespace stratbench
