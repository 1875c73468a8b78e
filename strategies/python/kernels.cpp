// What kernels.py calls: a task, executed by the code that the C++ workers execute.

#include <cstddef>
#include <cstdint>
#include <exception>

#include "workloads/workload.hpp"

/// Executes task number `id` of a workload and writes its value. Not 0 where it threw.
extern "C" int stratbench_execute(const char* workload, std::uint64_t id, std::int64_t a,
                                  std::int64_t b, std::int64_t c, std::int64_t d,
                                  std::uint64_t seed, const std::byte* payload, std::size_t length,
                                  std::uint64_t* value) noexcept {
    using namespace stratbench;
    try {
        const task t{.id = id,
                     .args = {a, b, c, d},
                     .seed = seed,
                     .payload_bytes = static_cast<std::uint32_t>(length),
                     .workload = workload_index(workload)};
        *value = execute(t, {payload, length});
        return 0;
    } catch (const std::exception&) {
        return 1;
    }
}
