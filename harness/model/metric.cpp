#include "harness/model/metric.hpp"

namespace stratbench {
namespace {

constexpr bool in_order_of_enumeration() {
    for (std::size_t i = 0; i < metrics.size(); ++i) {
        if (static_cast<std::size_t>(metrics[i].id) != i) {
            return false;
        }
    }
    return true;
}
static_assert(in_order_of_enumeration());

}  // namespace

std::optional<double> cpu_per_task_ns(const trial_record& trial) {
    if (trial.outcomes.ok == 0) {
        return std::nullopt;
    }
    return (trial.cpu.user_s + trial.cpu.system_s) * 1e9 / static_cast<double>(trial.outcomes.ok);
}

metric primary_metric(const cell& planned) {
    return planned.load.ranked_by_latency() ? metric::p50 : metric::throughput;
}

}  // namespace stratbench
