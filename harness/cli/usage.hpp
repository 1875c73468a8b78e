#pragma once

#include <string>
#include <string_view>

#include <CLI/CLI.hpp>

namespace stratbench {

/// `text` on one line: whatever a message quotes, it stays one, and no control character of an
/// argument or a file reaches the terminal.
std::string one_line(std::string_view text);

/// What is wrong with the arguments, in one line, with a suggestion for an unknown option.
std::string usage_line(const CLI::App& program, const CLI::ParseError& error);

/// Throws usage_error where an argument, or the value of an option, is empty: no option takes that,
/// and what reads it would pass it over.
void require_content(int argc, const char* const* argv);

/// Throws usage_error, with a suggestion, where the first argument is neither a subcommand nor an
/// option of `program`.
void require_known_start(const CLI::App& program, int argc, const char* const* argv);

}  // namespace stratbench
