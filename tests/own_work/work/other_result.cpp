// Work and reference agree about the smallest tasks alone.

#include <stratbench/workload.hpp>

using namespace stratbench;

static constexpr parameter parameters[] = {{"n", "10", "what the result is"}};

STRATBENCH_WORKLOAD(other_result) = {
    .name = "other_result",
    .summary = "is wrong by one from n = 2",
    .parameters = parameters,
    .execute = [](const task& t, payload_view) { return static_cast<std::uint64_t>(t.args[0]); },
    .reference =
        [](const task& t, payload_view) {
            return static_cast<std::uint64_t>(t.args[0] == 1 ? 1 : t.args[0] + 1);
        },
};
