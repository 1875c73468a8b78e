#include "harness/cli/commands.hpp"
#include "harness/launch/subordinate.hpp"
#include "harness/launch/trial_process.hpp"
#include "harness/study/other_build.hpp"
#include "harness/trial/trial.hpp"

namespace stratbench {

// Hidden: what the harness says to itself, or to another build. The answer goes to a descriptor of
// its own, because standard output belongs to the tasks.

command add_trial(CLI::App& program) {
    program.add_subcommand("trial", "run one trial")->group("");
    return [] { return trial_main(subordinate_answer_fd); };
}

command add_describe(CLI::App& program, const std::string& executable) {
    program.add_subcommand("describe", "say what build this is")->group("");
    return [executable] { return describe_main(executable, subordinate_answer_fd); };
}

}  // namespace stratbench
