#pragma once

#include <string_view>

namespace stratbench {

/// Whether `descriptor` is a terminal that understands cursor movements.
bool is_terminal(int descriptor);

/// Whether colours are wanted there: a terminal, and no NO_COLOR (no-color.org).
bool wants_color(int descriptor);

/// Columns of the terminal, 100 where there is none.
int terminal_width(int descriptor);

/// Says one line of the program on standard error, beside a bar of progress if there is one.
void tell_line(std::string_view line);

}  // namespace stratbench
