#pragma once

#include <string>

#include "harness/judge/comparison/self_test.hpp"

namespace stratbench {

/// How far to trust this machine as a gate, for a terminal of `width` columns: the smallest
/// slowdown that it would have found and how often it cries wolf, then each cell. ANSI colours only
/// with `color`; nothing from a file reaches the terminal as a control character.
std::string terminal_self_test(const self_test_report& found, bool color, int width = 100);

}  // namespace stratbench
