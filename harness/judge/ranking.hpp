#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/model/metric.hpp"
#include "harness/model/results.hpp"

namespace stratbench {

/// What may be said of a group's question: which of these is the best?
enum class answer_state : std::uint8_t {
    winner,     ///< one alone can be the best
    tie,        ///< all that can be the best lie within the tie width of each other
    undecided,  ///< neither
    none,       ///< there is nothing to ask, or nothing to answer with: the sentence says why
};

struct answer {
    answer_state state = answer_state::none;
    /// The strategy to take; empty with `none`.
    std::string pick;
    /// The pick is at most by this part behind the best (0.042 = 4.2 %); infinite where nobody
    /// knows yet.
    double regret_bound = 0;
    /// Those that can be the best, the pick first.
    std::vector<std::string> candidates;
    /// What makes the pick better than others that tie with it.
    std::string tie_broken_by;
    /// How many more seconds should decide, where it is undecided and somebody can say.
    std::optional<double> more_s;
    /// Of the two best.
    int generations = 0, rounds = 0;
    /// What the measuring of those that are compared has taken.
    double seconds = 0;
};

/// The cells of one group (same workload, load, workers, CPUs), best first, and what may be said
/// of the first. Made by rank; every report shows these and computes none of its own.
struct ranked_group {
    std::string group;
    /// What orders it: the throughput, or a percentile of the latency.
    stratbench::metric metric = stratbench::metric::throughput;
    /// Whether it is the metric by which the group is judged first.
    bool is_primary = true;
    struct entry {
        const cell_result* cell = nullptr;
        std::optional<estimate> value;
        /// How many times better the best one is (1 for the best); absent where either has none.
        std::optional<double> best_is_better_by;
        /// How many times better the best one is, as an interval that holds at 95 % for all entries
        /// together: 1 where it may be the best itself. Only of those that are compared; the end
        /// may be infinite.
        std::optional<interval> behind;
        bool may_be_best = false;
    };
    std::vector<entry> entries;
    stratbench::answer answer;
    /// One sentence: "pool_map wins: 1.92 x the next, sync [1.88, 1.95]", "pick sync: at most 4.2 %
    /// behind the best", or why there is no answer.
    std::string verdict;
};

/// What all statements about one group may be wrong with: in a report, and while it is measured and
/// looked at again and again (tests/oracle/answer_oracle_test.cpp has the figures).
inline constexpr double in_report = 0.05;
inline constexpr double while_measuring = 0.03;

/// Groups in plan order. The entries point into `results`, which must outlive them.
std::vector<ranked_group> rank(const study_results& results, double alpha = in_report);
std::vector<ranked_group> rank(study_results&&, double alpha = in_report) = delete;

}  // namespace stratbench
