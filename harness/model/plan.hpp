#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/model/cell.hpp"

namespace stratbench {

/// What of single tasks a study keeps and prints, beyond the summaries.
struct detail_plan {
    /// Every task's instants and value (cells of up to 1,000 tasks).
    bool tasks = false;
    /// Heartbeats of the loop and the CPU load over time, printed.
    bool timeline = false;

    bool operator==(const detail_plan&) const = default;
};

/// The rounds of a plan whose end is its budget, its precision or its answer.
inline constexpr int unlimited_rounds = 100'000;

struct study_plan {
    std::vector<cell> cells;
    /// Slices of every cell; with a precision or a budget the most there will be, or
    /// `unlimited_rounds`.
    int rounds = 1;
    /// Sets of fresh trial processes among which the rounds are shared out; 0 = one for each round.
    int generations = 0;
    /// Strategies that are shown to lie within this part of each other tie (0.03 = 3 %).
    double tie = 0.03;
    /// Above 0: no more rounds once every cell is as precise as this (0.02 = 2 %).
    double precision = 0;
    /// Above 0: no round that would end later than this after the first began; nanoseconds.
    std::int64_t budget_ns = 0;
    std::uint64_t seed = 0;
    /// Least length of the unrecorded warm-up of every trial; nanoseconds.
    std::int64_t warm_up_ns = 100'000'000;
    detail_plan detail;
    /// Name of the scenario that the plan comes from; empty for a plan from the command line.
    std::string scenario;

    bool operator==(const study_plan&) const = default;
};

}  // namespace stratbench
