#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/results/model.hpp"

namespace stratbench {

/// The cells of one group (same workload, load, workers, CPUs), best first, and what may be said
/// of the first. Made by stats::rank; every report shows these and computes none of its own.
struct ranked_group {
    std::string group;
    /// "throughput" for a batch, "p50 latency" and "p99 latency" ... the metric that orders it.
    std::string metric;
    struct entry {
        const cell_result* cell = nullptr;
        std::optional<estimate> value;
        /// How many times better the best one is (1 for the best); absent where either has none.
        std::optional<double> best_is_better_by;
    };
    std::vector<entry> entries;
    /// Strategies that share the first place: one = a winner that the intervals allow.
    std::vector<std::string> first;
    /// One sentence: "pool_map wins: 1.92 x sync [1.88, 1.95]", "too close to call: ...", or why
    /// there is no verdict.
    std::string verdict;
};

namespace stats {

/// Groups in plan order. The entries point into `results`, which must outlive them.
std::vector<ranked_group> rank(const study_results& results);
std::vector<ranked_group> rank(study_results&&) = delete;

}  // namespace stats
}  // namespace stratbench
