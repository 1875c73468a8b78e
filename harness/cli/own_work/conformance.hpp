#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "workloads/task_template.hpp"

namespace stratbench {

/// What a strategy made of some tasks.
struct conformance_result {
    std::size_t tasks = 0;
    /// The first thing that was wrong, in one line; empty where each task ended once, with the
    /// value of its reference, and no process was left.
    std::string problem;
};

/// Has a strategy execute `count` tasks of a template, tamed, given to it all at once, with so many
/// workers. A task that never ends is waited for without a limit. Throws usage_error where there is
/// no such strategy, std::system_error where its workers are refused.
conformance_result check_conformance(const std::string& strategy, int workers,
                                     const task_template& tasks, std::size_t count,
                                     std::uint64_t seed);

}  // namespace stratbench
