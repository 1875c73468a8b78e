#include "harness/measure/tree_readings.hpp"

#include <algorithm>

#include "harness/measure/process_tree.hpp"

namespace stratbench {

tree_readings read_tree(const process_ledger& ledger, const std::optional<event_counters>& counters,
                        const containment_counts& counts) {
    tree_readings now;
    now.tree = process_tree(ledger).walk();
    if (counters) {
        now.events = counters->read();
    }
    now.machine = read_machine_cpu();
    now.throttling = read_cgroup_throttling();
    now.processes_made = ledger.read().made;
    now.contained = {counts.retries.load(), counts.workers_replaced.load()};
    return now;
}

void record_difference(const tree_readings& before, const tree_readings& after,
                       trial_record& record) {
    cpu_figures& cpu = record.cpu;
    const auto seconds = [](std::int64_t from_ns, std::int64_t to_ns) {
        return static_cast<double>(to_ns - from_ns) * 1e-9;
    };
    const process_usage used = used_between(before.tree, after.tree);
    cpu.user_s = seconds(0, used.user_ns);
    cpu.system_s = seconds(0, used.system_ns);
    // Counters of a machine that was suspended or moved may fall.
    cpu.steal_s = std::max(0.0, seconds(before.machine.steal_ns, after.machine.steal_ns));
    cpu.foreign_s = std::max(
        0.0, seconds(before.machine.busy_ns, after.machine.busy_ns) - cpu.user_s - cpu.system_s);
    cpu.throttled_periods =
        std::max(after.throttling.periods, before.throttling.periods) - before.throttling.periods;
    cpu.throttled_s = std::max(0.0, after.throttling.stopped_s - before.throttling.stopped_s);
    const event_counters::reading events = after.events - before.events;
    cpu.hardware = events.hardware;
    const auto count = [](std::int64_t of) { return static_cast<std::uint64_t>(of); };
    cpu.kernel = {
        count(used.voluntary_switches),
        count(used.involuntary_switches),
        count(used.minor_faults),
        count(used.major_faults),
        events.migrations,
    };
    record.processes_made = after.processes_made - before.processes_made;
    record.contained = {
        after.contained.retries - before.contained.retries,
        after.contained.workers_replaced - before.contained.workers_replaced,
    };
}

}  // namespace stratbench
