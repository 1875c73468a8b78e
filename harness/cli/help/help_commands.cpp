#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>

#include "harness/base/files/standard_streams.hpp"
#include "harness/base/spec.hpp"
#include "harness/cli/commands.hpp"
#include "harness/cli/help/offered.hpp"
#include "harness/study/environment.hpp"

namespace stratbench {
namespace {

constexpr const char* completion_examples = R"(
Examples:
  stratbench completion bash > ~/.local/share/bash-completion/completions/stratbench
  stratbench completion zsh > ~/.zfunc/_stratbench
  stratbench completion fish > ~/.config/fish/completions/stratbench.fish)";

int print(const std::string& text) {
    say(text);
    return 0;
}

}  // namespace

command add_manual(CLI::App& program) {
    program.add_subcommand("manual", "print the manual page, for man");
    return [&program] {
        // Not of which build: the page says the same in all of them.
        return print(manual_page(offered_by(program), release_text()));
    };
}

command add_completion(CLI::App& program) {
    CLI::App* const sub =
        program.add_subcommand("completion", "print the completion of a shell: bash, zsh or fish");
    sub->footer(completion_examples);
    const auto shell = std::make_shared<std::string>();
    sub->add_option("shell", *shell, "bash, zsh or fish")->type_name("SHELL")->required();
    return [&program, shell] {
        if (std::ranges::find(completion_shells, *shell) == std::end(completion_shells)) {
            throw usage_error(fmt::format("no completion for {}; accepted are {}",
                                          in_quotes(*shell), fmt::join(completion_shells, ", ")));
        }
        return print(completion_script(offered_by(program), *shell));
    };
}

}  // namespace stratbench
