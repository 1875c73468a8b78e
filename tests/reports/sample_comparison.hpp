#pragma once

#include <cstddef>
#include <utility>

#include "harness/judge/comparison/comparison.hpp"
#include "harness/model/results.hpp"

namespace stratbench {

/// Two builds measured in turns for 15 rounds: one cell regressed and confirmed, one improved, one
/// inconclusive, one whose ungated metric regressed, the others the same; one failed, one ignored,
/// one that each side alone has.
comparison sample_comparison();

/// The same cells from two files of two days, on machines that differ and with leave to do so:
/// nothing is paired and nothing confirmed.
comparison sample_unpaired_comparison();

/// Nothing worse, nothing better.
comparison sample_same_comparison();

/// The files that such a comparison may have been made of: its cell with an open load is named as
/// theirs, whose latencies differ.
std::pair<study_results, study_results> studies_of(comparison& found);

/// So many cells, of which one regressed, one improved and one is inconclusive.
comparison sample_comparison_of(std::size_t cells);

/// sample_comparison with text that tries to leave every place where a report shows it.
comparison hostile_comparison();

}  // namespace stratbench
