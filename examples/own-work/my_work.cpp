#include <stratbench/workload.hpp>

using namespace stratbench;

static constexpr parameter parameters[] = {{"n", "100000", "steps of the generator"}};

// n steps of Marsaglia's xorshift generator, from a seed that each task has of its own.
static std::uint64_t run(const task& t, payload_view) {
    std::uint64_t x = t.seed | 1;
    for (std::int64_t i = 0; i < t.args[0]; ++i) {
        x ^= x << 13, x ^= x >> 7, x ^= x << 17;
        keep_opaque(x);  // so that no compiler skips a step
    }
    return x;
}

STRATBENCH_WORKLOAD(my_work) = {
    .name = "my_work",
    .summary = "steps of Marsaglia's xorshift generator",
    .parameters = parameters,
    .execute = run,
    .reference = run,  // other code for the same result, wherever there is any
    .depends_on_args_only = false,
};
