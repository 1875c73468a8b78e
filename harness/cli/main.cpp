#include <fmt/format.h>

#include <exception>
#include <map>
#include <sstream>
#include <string>

#include "harness/base/files/standard_streams.hpp"
#include "harness/base/process/inheritance.hpp"
#include "harness/base/refusal.hpp"
#include "harness/base/spec.hpp"
#include "harness/base/this_build.hpp"
#include "harness/cli/commands.hpp"
#include "harness/cli/terminal.hpp"
#include "harness/cli/usage.hpp"
#include "harness/study/environment.hpp"
#include "strategies/registry.hpp"
#include "workloads/sound_table.hpp"

namespace stratbench {
namespace {

constexpr const char* program_examples = R"(
Examples:
  stratbench run                            compare the strategies on this machine
  stratbench run --scenario request_burst   one of the named studies
  stratbench list                           what there is to choose from
  stratbench report results.json --html report.html
  stratbench compare base.json new.json     is the new one slower?
  stratbench new mywork                     a project that measures your own work)";

/// A usage or environment error: one line, exit 2.
int fail(std::string_view message) {
    tell_line(message);
    return 2;
}

int run_program(int argc, const char* const* argv) {
    require_sound_workloads(workloads());
    require_sound_strategies(strategies());
    CLI::App program("Which concurrency architecture should run this work?",
                     std::string(this_build.program));
    program.footer(program_examples);
    program.set_version_flag("--version", version_text());
    program.require_subcommand(1);
    std::map<std::string, command> commands;
    commands["run"] = add_run(program, arguments(argv, argv + argc));
    commands["compare"] = add_compare(program);
    commands["list"] = add_list(program);
    commands["report"] = add_report(program);
    commands["check"] = add_check(program);
    commands["new"] = add_new(program);
    commands["manual"] = add_manual(program);
    commands["completion"] = add_completion(program);
    commands["trial"] = add_trial(program);
    commands["describe"] = add_describe(program, argv[0]);
    try {
        require_known_start(program, argc, argv);
        require_content(argc, argv);
        program.parse(argc, argv);
        return commands.at(program.get_subcommands().front()->get_name())();
    } catch (const CLI::ParseError& error) {
        // Help and version are asked for, and end with 0; everything else is a mistake.
        if (error.get_exit_code() == 0) {
            std::ostringstream text;
            program.exit(error, text, text);
            say(text.str());
            return 0;
        }
        return fail(usage_line(program, error));
    }
}

}  // namespace
}  // namespace stratbench

int main(int argc, char** argv) {
    stratbench::prepare_standard_streams();
    try {
        stratbench::settle_inheritance();
        return stratbench::run_program(argc, argv);
    } catch (const std::exception& error) {
        return stratbench::fail(stratbench::why_failed(error));
    }
}
