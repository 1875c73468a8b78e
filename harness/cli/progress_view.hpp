#pragma once

#include <memory>

#include "harness/study/progress.hpp"

namespace stratbench {

/// Progress on standard error: a bar with the time left on a terminal, else a line for each round.
std::unique_ptr<progress> make_progress_view();

}  // namespace stratbench
