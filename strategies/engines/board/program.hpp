#pragma once

#include <string>
#include <string_view>

namespace stratbench {

/// The path of a program: as it is where it has a slash, else looked for in PATH. Empty where there
/// is none that may be executed.
std::string find_program(std::string_view name);

}  // namespace stratbench
