#pragma once

#include <cstdint>
#include <optional>

#include "harness/base/process/process_usage.hpp"
#include "harness/measure/cgroup.hpp"
#include "harness/measure/event_counters.hpp"
#include "harness/measure/machine_cpu.hpp"
#include "harness/model/trial_record.hpp"
#include "strategies/contract/containment.hpp"
#include "strategies/contract/process_ledger.hpp"

namespace stratbench {

/// What the kernel, and the strategy's ledger, have counted so far for a trial's whole tree and for
/// the machine.
struct tree_readings {
    process_usage tree;
    event_counters::reading events;
    machine_cpu machine;
    cgroup_throttling throttling;
    std::uint64_t processes_made = 0;
    containment_figures contained;
};

/// Reads all of it now.
tree_readings read_tree(const process_ledger& ledger, const std::optional<event_counters>& counters,
                        const containment_counts& counts);

/// Fills in the record's CPU time, its counts of the kernel and of the CPUs, its processes and its
/// containment: what was counted between two readings.
void record_difference(const tree_readings& before, const tree_readings& after,
                       trial_record& record);

}  // namespace stratbench
