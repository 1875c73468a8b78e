#pragma once

#include <string>
#include <vector>

#include "strategies/registry.hpp"

namespace stratbench::test {

/// Why a strategy cannot run here under its bare name: exec needs a command, others a python3.
/// Empty where it can.
inline std::string not_runnable(const strategy_info& info) {
    if (info.name == "exec") {
        return "it needs a command";
    }
    return info.why_unavailable({.name = std::string(info.name)});
}

inline std::vector<const strategy_info*> runnable_strategies() {
    std::vector<const strategy_info*> found;
    for (const strategy_info* each : strategies()) {
        if (not_runnable(*each).empty()) {
            found.push_back(each);
        }
    }
    return found;
}

/// Whether a task takes it milliseconds, whatever the task is.
inline bool is_slow(const strategy_info& info) {
    return info.name == "pool_per_task" || info.properties.least_task_ns >= 500'000;
}

}  // namespace stratbench::test
