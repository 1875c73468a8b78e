#pragma once

#include <atomic>
#include <functional>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/bench/figures/measurement.hpp"

namespace stratbench {

/// What is here but cannot be measured, and why: no Python, no library, a trial that failed.
class cannot_measure : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// Something to be measured again and again, each time in fresh processes.
struct subject {
    std::string name;
    /// One measurement. Throws cannot_measure, and `interrupted` as the launcher does.
    std::function<sample(int round)> measure;
    /// It takes part in so many of the first rounds.
    int rounds = std::numeric_limits<int>::max();
};

/// Measures every subject once in each round, freshly shuffled, through Google Benchmark, and says
/// on standard error how far it is. What cannot be measured, or fails in some round, has no figure
/// at all, says why, and is not tried again.
/// Not empty `json_file`: all measurements in Google Benchmark's own format. Throws `interrupted`.
measurements measure_in_rounds(const std::vector<subject>& subjects, int rounds,
                               const std::string& json_file);

}  // namespace stratbench
