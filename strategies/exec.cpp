// Another program, in whatever language, that accepts tasks from a board: docs/backends.md.

#include <sstream>
#include <string>
#include <vector>

#include "harness/base/process/program_file.hpp"
#include "strategies/contract/strategy.hpp"
#include "strategies/engines/board/board_strategy.hpp"

namespace stratbench {
namespace {

/// The words of a command, which no shell reads: spaces part them, and nothing is quoted.
std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    std::istringstream rest{std::string(text)};
    for (std::string word; rest >> word;) {
        words.push_back(std::move(word));
    }
    return words;
}

backend_command parse_command(std::string_view text) {
    backend_command command{std::string(text), words_of(text)};
    if (command.arguments.empty()) {
        throw usage_error("strategy 'exec': give it a command, as in exec:cmd=./my_backend");
    }
    const std::string program = find_program(command.arguments.front());
    if (program.empty()) {
        throw usage_error("strategy 'exec': there is no program " +
                          in_quotes(command.arguments.front()));
    }
    command.arguments.front() = program;
    return command;
}

constexpr parameter command_parameters[] = {
    {"cmd", "", "the program and its arguments, parted by spaces; no shell reads it"},
};

}  // namespace

extern const strategy_info strategy_exec;
const strategy_info strategy_exec = {
    .name = "exec",
    .summary = "a program of yours that executes tasks from a board (docs/backends.md)",
    .parameters = command_parameters,
    .properties = {.isolates_crashes = true, .payload_crosses_process = true, .own_program = true},
    .make = [](const spec& s) -> std::unique_ptr<strategy> {
        return std::make_unique<board_strategy>(parse_command(s.find("cmd").value_or("")));
    },
    .files = [](const spec& s) { return files_named(words_of(s.find("cmd").value_or(""))); },
};

}  // namespace stratbench
