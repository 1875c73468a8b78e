#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace stratbench {

/// A file or folder that belongs to the program at this path: beside it, or where an installation
/// keeps what only programs use. Empty where it is in neither.
std::string part_of(const std::filesystem::path& program, std::string_view name);

/// A part of the running program. Where it is missing, the path beside the program, for a message.
std::string part_of_this_program(std::string_view name);

}  // namespace stratbench
