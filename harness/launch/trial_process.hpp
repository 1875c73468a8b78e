#pragma once

namespace stratbench {

/// Body of the hidden subcommand `trial`; answers on descriptor `answer_fd`. Returns the exit code.
int trial_main(int answer_fd);

}  // namespace stratbench
