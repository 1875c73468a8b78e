#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stratbench {

/// The path of a program: as it is where it has a slash, else looked for in PATH. Empty where there
/// is none that may be executed.
std::string find_program(std::string_view name);

/// The files that the words of a command name: its program, and arguments that are files.
std::vector<std::string> files_named(std::span<const std::string> words);

}  // namespace stratbench
