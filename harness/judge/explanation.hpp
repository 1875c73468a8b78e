#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "harness/judge/ranking.hpp"
#include "harness/model/results.hpp"

namespace stratbench {

/// What the measured figures tell about why a strategy is behind the best of its group. A
/// difference is in it only where its 95 % interval, paired by round, excludes zero.
struct explanation {
    const cell_result* cell = nullptr;
    const cell_result* best = nullptr;

    enum class phase : std::uint8_t { waiting, dispatch, service, back };
    struct part {
        phase where = phase::waiting;
        /// More than the best's, mean over the rounds; negative where it is less.
        double more_ns = 0;
    };
    /// Of a group that is ranked by latency: the additional mean time of a task, due to completed,
    /// and the phases that it lies in, the greatest difference first.
    struct time {
        double more_ns = 0;
        std::vector<part> parts;
        /// Tasks that failed or were never served have no phases and are not in it.
        bool served_only = false;
    };
    std::optional<time> latency;

    /// Of a group that is ranked by throughput, which is busy cores x efficiency / the serial CPU
    /// time of a task: which of the two differ.
    struct capacity {
        /// How many times the throughput of this one the best has.
        double times = 1;
        bool cores = false, efficiency = false;
        /// Whether it loses more by its cores than by its efficiency.
        bool cores_first = true;
    };
    std::optional<capacity> throughput;
};

/// One for each strategy of a ranking that its verdict sets clearly behind the best and whose
/// figures explain it, in the order of the ranking; nothing of references, of cells without phases
/// (by latency) or CPU figures (by throughput), and of fewer than `fewest_generations` trials.
std::vector<explanation> explain(const ranked_group& ranking);

}  // namespace stratbench
