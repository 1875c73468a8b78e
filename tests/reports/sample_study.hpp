#pragma once

#include "harness/model/results.hpp"

namespace stratbench {

/// A study as a machine with two CPUs might have measured it, from a fixed seed: six strategies,
/// two workloads, two loads, five rounds, a reference line, a skipped and a failed cell, a
/// saturated strategy whose tail is only a bound, and warnings.
study_results sample_study();

/// sample_study on a machine on which a batch takes twice as long.
study_results slower_study();

/// A small scenario with task traces and heartbeats, one strategy of which blocks its loop.
study_results sample_scenario();

/// sample_study with text that tries to leave every place where a report shows it.
study_results hostile_study();

}  // namespace stratbench
