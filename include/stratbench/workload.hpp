#pragma once

// What a workload of one's own needs: one file, one include.

#include "workloads/opaque.hpp"
#include "workloads/workload.hpp"

/// Defines the workload of this file, whose name it bears: `STRATBENCH_WORKLOAD(my_work) = {...};`
/// at the outermost level of my_work.cpp.
#define STRATBENCH_WORKLOAD(name)                        \
    namespace stratbench {                               \
    extern const ::stratbench::workload workload_##name; \
    }                                                    \
    constinit const ::stratbench::workload stratbench::workload_##name
