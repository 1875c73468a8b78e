#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tests/bench/subject.hpp"
#include "tests/bench/trial_bench.hpp"

namespace stratbench {

/// A Python strategy, and the script of the same architecture that knows of no harness: a name in
/// peers/python_peers.py. Both execute the sum of sqrt_log:n=1000.
struct python_pair {
    std::string_view strategy, peer;
};

std::span<const python_pair> python_pairs();

/// The pairs' strategies and what the helper itself costs.
std::vector<subject> python_subjects(trial_bench& trials);

}  // namespace stratbench
