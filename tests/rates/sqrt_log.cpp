// A build that is slower by a known part: the very loop of sqrt_log, called once more for
// STRATBENCH_SLOWER_PERCENT of its terms. Results are the same.

#define workload_sqrt_log workload_sqrt_log_as_it_is
#include "workloads/sqrt_log.cpp"  // NOLINT(bugprone-suspicious-include): it is to be the same
#undef workload_sqrt_log

namespace stratbench {
namespace {

/// Called through here the loop is not inlined: it lies and runs as in the other build.
std::uint64_t (*volatile const loop)(const task&, payload_view) = run;

std::uint64_t run_slower(const task& t, payload_view payload) {
    task more = t;
    more.args[0] = 1 + (t.args[0] - 1) * STRATBENCH_SLOWER_PERCENT / 100;
    loop(more, payload);
    return loop(t, payload);
}

workload slower() {
    workload w = workload_sqrt_log_as_it_is;
    w.execute = run_slower;
    return w;
}

}  // namespace

extern const workload workload_sqrt_log;
const workload workload_sqrt_log = slower();

}  // namespace stratbench
