#pragma once

#include <cstddef>
#include <string>

#include "harness/model/results.hpp"

namespace stratbench {

// What a study kept of single tasks, as lines of text without colour; of a cell's first trial that
// kept any. Empty where none did.

/// Each task: received at, started, done, value; then whether all were accepted before the first
/// completed. At most `most` tasks are listed; the results file has all.
std::string task_listing(const cell_result& cell, std::size_t most = 40);

/// The window in steps of 100 ms (longer where that would be more than 40 lines): how late the
/// loop's beats of the step were, and how many cores were busy.
std::string timeline(const cell_result& cell);

}  // namespace stratbench
