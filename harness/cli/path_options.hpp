#pragma once

#include <string>

#include <CLI/CLI.hpp>

namespace stratbench {

// The options that take a path. What stands for the value in the help says which role the file has;
// the tests find these options by it.

/// A file that is read.
CLI::Option* add_input(CLI::App& sub, const char* name, std::string& into, const char* help);

/// A file or a stream that is written.
CLI::Option* add_output(CLI::App& sub, const char* name, std::string& into, const char* help);

/// Whether an output is wanted: neither left out nor "none".
bool wanted(const std::string& path);

}  // namespace stratbench
