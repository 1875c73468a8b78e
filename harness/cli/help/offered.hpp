#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace stratbench {

// The command line as data, read from its declarations: what the manual page and the completions of
// all shells are made of, so that an option is in them as soon as there is one.

/// What may stand for the value of an option or a positional argument.
struct offered_values {
    /// Names that there are; a spec or a path may go on behind them.
    std::vector<std::string> words;
    bool files = false;
};

struct offered_option {
    /// `--rounds`; `FILE` for a positional argument.
    std::string name;
    std::string help;
    /// What stands for its value in the help; empty for a flag.
    std::string placeholder;
    bool positional = false;
    offered_values values;
};

struct offered_command {
    std::string name, summary, examples;
    std::vector<offered_option> options;
};

/// A program with its own options, and its subcommands but the hidden ones.
struct offered_program {
    offered_command itself;
    std::vector<offered_command> commands;
};

offered_program offered_by(const CLI::App& program);

/// The manual page of section 1 in man(7)'s macros.
std::string manual_page(const offered_program& program, const std::string& version);

/// A completion script; `shell` is one of `completion_shells`.
std::string completion_script(const offered_program& program, const std::string& shell);

inline constexpr const char* completion_shells[] = {"bash", "zsh", "fish"};

}  // namespace stratbench
