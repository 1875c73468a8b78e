#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <string>

namespace stratbench {

/// What a percentile of the tail needs: enough tasks beyond it, and trials enough to tell how much
/// it scatters.
struct tail_rule {
    const char* name;
    std::uint64_t tasks;

    /// Why a cell's percentile is refused; empty where it is not.
    [[nodiscard]] std::string refusal(std::uint64_t tasks_measured, std::size_t trials) const {
        constexpr std::size_t trials_needed = 5;
        if (tasks_measured < tasks) {
            return fmt::format("n too small: {} tasks, {} needs {}", tasks_measured, name, tasks);
        }
        if (trials < trials_needed) {
            return fmt::format("n too small: {} trials, {} needs {}", trials, name, trials_needed);
        }
        return {};
    }
};

inline constexpr tail_rule rule_p99{"p99", 2'000};
inline constexpr tail_rule rule_p999{"p99.9", 20'000};

}  // namespace stratbench
