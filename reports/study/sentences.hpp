#pragma once

#include <optional>
#include <string>

#include "harness/judge/decomposition.hpp"
#include "harness/judge/explanation.hpp"
#include "harness/model/results.hpp"

namespace stratbench {

// What a table says below its figures, one sentence for a cell. `name` and the like are as they
// stand in the results: escape the sentence for where it goes.

/// "3.10 ms more per task than sync, 92 % of it waiting for the front end (blocked 71 % of the
/// time, longest stall 14.0 ms)"; "51 % of sync's throughput: 0.98 instead of 1.96 cores busy".
/// Empty where no phase has a tenth of the difference.
std::string sentence_of(const explanation& why);

/// "of 113 us more per task than pool_map 96.0 us [95.1 us, 96.9 us] are the language and 17.0 us
/// [16.4 us, 17.6 us] are its implementation of the architecture; the values are the same bits".
std::string sentence_of(const decomposition& parts);

/// "held 412/s of 500/s asked; the queue grew by 88/s; 350 of 12.3k tasks never served"; absent for
/// a cell that held the rate of its load and served it, and for loads without a rate.
std::optional<std::string> rate_note(const cell_result& cell);

/// "12 tasks crashed, 3 timed out; 4 were tried again, 11 workers replaced"; absent for a cell
/// whose tasks all ended well at the first attempt.
std::optional<std::string> failure_note(const cell_result& cell);

/// Which criterion ended each cell: "34 rounds in 5 generations until the budget was spent, then 24
/// rounds in 4 generations to confirm; known to 2 % are 3 of 5 cells, not yet
/// sync/noop/batch:10/workers:1". Absent where the study had all rounds that were
/// planned, or was interrupted.
std::optional<std::string> ending_note(const study_results& study);

}  // namespace stratbench
