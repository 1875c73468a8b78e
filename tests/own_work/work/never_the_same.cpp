// Another result each time.

#include <stratbench/workload.hpp>

#include "harness/base/clock.hpp"

using namespace stratbench;

static std::uint64_t run(const task&, payload_view) {
    return static_cast<std::uint64_t>(now_ns());
}

STRATBENCH_WORKLOAD(never_the_same) = {
    .name = "never_the_same",
    .summary = "has the time for a result",
    .parameters = {},
    .execute = run,
    .reference = run,
    .has_size = false,
};
