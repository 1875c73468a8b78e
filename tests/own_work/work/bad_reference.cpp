// Its reference throws.

#include <stdexcept>

#include <stratbench/workload.hpp>

using namespace stratbench;

STRATBENCH_WORKLOAD(bad_reference) = {
    .name = "bad_reference",
    .summary = "has a reference that throws",
    .parameters = {},
    .execute = [](const task& t, payload_view) { return t.id; },
    .reference = [](const task&, payload_view) -> std::uint64_t {
        throw std::runtime_error("no such table");
    },
    .has_size = false,
};
