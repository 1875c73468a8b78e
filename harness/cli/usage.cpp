#include "harness/cli/usage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "harness/base/spec.hpp"

namespace stratbench {
namespace {

std::vector<std::string_view> views(const std::vector<std::string>& texts) {
    return {texts.begin(), texts.end()};
}

/// "stratbench run"
std::string full_name(const CLI::App& command) {
    const CLI::App* const parent = command.get_parent();
    return (parent == nullptr ? "" : parent->get_name() + " ") + command.get_name();
}

std::string unexpected(const CLI::App& command, const std::string& argument) {
    if (!argument.starts_with('-')) {
        return fmt::format("unexpected argument '{}'; see '{} --help'", argument,
                           full_name(command));
    }
    const std::string given = argument.substr(0, argument.find('='));
    std::vector<std::string> names;
    for (const CLI::Option* option : command.get_options()) {
        for (const std::string& name : option->get_lnames()) {
            names.push_back("--" + name);
        }
    }
    return fmt::format("unknown option '{}'{}; see '{} --help'", given,
                       suggestion(given, views(names)), full_name(command));
}

std::vector<std::string> subcommands(const CLI::App& program, bool hidden) {
    std::vector<std::string> names;
    for (const CLI::App* sub : program.get_subcommands([](const CLI::App*) { return true; })) {
        if (hidden || !sub->get_group().empty()) {
            names.push_back(sub->get_name());
        }
    }
    return names;
}

}  // namespace

std::string one_line(std::string_view text) {
    while (text.ends_with('\n')) {
        text.remove_suffix(1);
    }
    std::string out(text);
    std::replace_if(
        out.begin(), out.end(), [](char c) { return (c >= 0 && c < ' ') || c == 127; }, ' ');
    return out;
}

std::string usage_line(const CLI::App& program, const CLI::ParseError& error) {
    const auto parsed = program.get_subcommands();
    const CLI::App& command = parsed.empty() ? program : *parsed.back();
    const auto left = command.remaining();
    if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr && !left.empty()) {
        return unexpected(command, left.front());
    }
    return error.what();
}

void require_content(int argc, const char* const* argv) {
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument = argv[i];
        const std::size_t equals = argument.find('=');
        if (argument.starts_with("--") && equals == argument.size() - 1) {
            throw usage_error(fmt::format("{}: its value is empty", argument.substr(0, equals)));
        }
        if (!argument.empty()) {
            continue;
        }
        const std::string_view before = argv[i - 1];
        throw usage_error(before.starts_with('-') ? fmt::format("{}: its value is empty", before)
                                                  : "an argument is empty");
    }
}

void require_known_start(const CLI::App& program, int argc, const char* const* argv) {
    const auto names = subcommands(program, false);
    if (argc < 2) {
        throw usage_error(fmt::format("a subcommand is needed: {}; see 'stratbench --help'",
                                      fmt::join(names, ", ")));
    }
    const std::string first = argv[1];
    if (first.starts_with('-')) {
        if (program.get_option_no_throw(first) != nullptr) {
            return;
        }
        throw usage_error(unexpected(program, first));
    }
    const auto all = subcommands(program, true);
    if (std::find(all.begin(), all.end(), first) != all.end()) {
        return;
    }
    throw usage_error(fmt::format("unknown subcommand '{}'{}; available are {}", first,
                                  suggestion(first, views(names)), fmt::join(names, ", ")));
}

}  // namespace stratbench
