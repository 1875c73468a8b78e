#pragma once

#include <string>

#include "harness/stats/self_test.hpp"

namespace stratbench {

/// How far to trust a machine as a gate, for a terminal of `width` columns: what it can be trusted
/// with in the first line, then the false alarms, then a paragraph for each cell.
std::string terminal_self_test(const self_test_report& report, bool color, int width = 100);

}  // namespace stratbench
