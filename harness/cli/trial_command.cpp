#include "harness/cli/commands.hpp"
#include "harness/trial/trial.hpp"

namespace stratbench {

command add_trial(CLI::App& program) {
    // Hidden: what the harness says to itself. The record goes to descriptor 3, because standard
    // output belongs to the tasks.
    program.add_subcommand("trial", "run one trial")->group("");
    return [] { return trial_main(3); };
}

}  // namespace stratbench
