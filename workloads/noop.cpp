#include "harness/base/hash.hpp"
#include "workloads/workload.hpp"

namespace stratbench {
namespace {

/// Does next to nothing, yet each task has an answer of its own: a result that was lost, doubled
/// or given to another task is seen.
std::uint64_t run(const task& t, payload_view) {
    return mix64(t.id ^ t.seed);
}

}  // namespace

extern const workload workload_noop;
constinit const workload workload_noop = {
    .name = "noop",
    .summary = "a hash of the task's id and seed: what dispatching alone costs",
    .parameters = {},
    .execute = run,
    .reference = run,
    .matches = same_bits,
    .depends_on_args_only = false,
    .has_size = false,
};

}  // namespace stratbench
