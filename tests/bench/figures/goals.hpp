#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tests/bench/figures/measurement.hpp"

namespace stratbench {

/// What a strategy should reach, on two workers and empty tasks.
struct goal {
    enum class reading {
        rate,     ///< tasks per second: at least
        faster,   ///< times the tasks per second of the other: at least
        longer,   ///< times the time per task of the other: at most
        latency,  ///< median, nanoseconds: at most
        time,     ///< nanoseconds of each task: at most
        memory,   ///< bytes for each task: below
    };

    /// Names of subjects; `versus` is empty where the figure stands alone.
    std::string_view subject;
    reading what = reading::rate;
    double bound = 0;
    std::string_view versus = {};
};

/// All of them, in the order in which they are shown.
std::span<const goal> goals();

struct judgement {
    const goal* of = nullptr;
    /// Empty where one of the two was not measured; `absent` then says which and why.
    std::optional<spread> measured;
    std::string absent;
    /// Decided by the median.
    bool met = false;
};

judgement judge(const goal& g, const measurements& all);

/// "at least 20.0M/s", "at most 1.50 x the time", as it stands in the table.
std::string bound_text(const goal& g);
/// A value of the goal's figure, in its unit.
std::string value_text(const goal& g, double value);

/// A table of all goals of which at least the subject was asked for, and a line that counts them.
std::string goal_table(const measurements& all);

}  // namespace stratbench
