#pragma once

#include <vector>

#include "harness/judge/paired_difference.hpp"
#include "harness/judge/ranking.hpp"
#include "harness/model/results.hpp"

namespace stratbench {

/// What a task costs more in another language than under the same architecture in C++, taken apart:
/// its own code minus the C++ workers' code in the same program is what the language costs, and the
/// latter minus the C++ strategy what the language's implementation of the architecture does.
/// Nanoseconds per task: of a group that is ranked by throughput the time divided by the tasks, all
/// workers together; of one that is ranked by latency the mean from due to completed.
struct decomposition {
    const cell_result* own = nullptr;
    const cell_result* native = nullptr;
    const cell_result* twin = nullptr;
    paired_difference whole, language, architecture;
    /// Whether sums of floats in the language's own code were held to a bound, not to the same
    /// bits.
    bool within_bound = false;
};

/// One for each such triple of the group, in the order of its entries, where the whole difference
/// is clear.
std::vector<decomposition> decompose(const ranked_group& group);

}  // namespace stratbench
