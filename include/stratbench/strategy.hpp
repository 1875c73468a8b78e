#pragma once

// What a strategy of one's own needs: one file, one include.

#include "strategies/contract/strategy.hpp"
#include "strategies/engines/front_end/caller_execution.hpp"
#include "workloads/workload.hpp"

/// Defines the strategy of this file, whose name it bears: `STRATBENCH_STRATEGY(mine) = {...};` at
/// the outermost level of mine.cpp.
#define STRATBENCH_STRATEGY(name)                             \
    namespace stratbench {                                    \
    extern const ::stratbench::strategy_info strategy_##name; \
    }                                                         \
    const ::stratbench::strategy_info stratbench::strategy_##name
