#pragma once

#include <functional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace stratbench {

/// A subcommand that the parsed arguments asked for; returns the exit code.
using command = std::function<int()>;

/// The whole command line as it was typed, for the results file.
using arguments = std::vector<std::string>;

/// Each adds its subcommand and options to the program.
command add_run(CLI::App& program, const arguments& typed);
command add_compare(CLI::App& program);
command add_list(CLI::App& program);
command add_report(CLI::App& program);
command add_check(CLI::App& program);
command add_new(CLI::App& program);
command add_manual(CLI::App& program);
command add_completion(CLI::App& program);
command add_trial(CLI::App& program);
command add_describe(CLI::App& program, const std::string& executable);

}  // namespace stratbench
