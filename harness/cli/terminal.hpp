#pragma once

namespace stratbench {

/// Whether `descriptor` is a terminal that understands cursor movements.
bool is_terminal(int descriptor);

/// Whether colours are wanted there: a terminal, and no NO_COLOR (no-color.org).
bool wants_color(int descriptor);

/// Columns of the terminal, 100 where there is none.
int terminal_width(int descriptor);

}  // namespace stratbench
