#pragma once

#include <string>

#include "harness/judge/comparison/comparison.hpp"

namespace stratbench {

/// What a comparison found, for a terminal of `width` columns: the verdict in its first line, then
/// what regressed, improved or stayed open, the rest as a count, then what the figures rest on. A
/// narrow terminal gets fewer columns. ANSI colours only with `color`; nothing from `found` reaches
/// the terminal as a control character.
std::string terminal_comparison(const comparison& found, bool color, int width = 100);

}  // namespace stratbench
