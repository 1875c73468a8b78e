#pragma once

#include "harness/model/results.hpp"

namespace stratbench {

/// Whether the figures claim what no machine can do: more work done than the cell's CPUs could do
/// serially in that time, or than the CPU time that it took. Something is wrong with the
/// measurement then, and nobody should win by it. Judged by the lower end of the 95 % interval, so
/// that noise is no claim; the work of one task is what it cost in the same trial, and the CPUs may
/// have become faster since by as much as their speed was seen to change.
bool faster_than_possible(const cell& what, const cell_summary& summary);

/// Whether the cell's equal tasks took more than a fifth longer in one slice of ten than in one of
/// ten others, though no more than a few of its trials saw steal.
bool hides_steal(const cell_result& cell);

}  // namespace stratbench
