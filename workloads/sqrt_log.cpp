#include <bit>
#include <cmath>

#include "workloads/workload.hpp"

namespace stratbench {
namespace {

constexpr parameter parameters[] = {{"n", "300000", "terms are added for 1 <= i < n"}};

/// Adds the terms from left to right: the order is part of the result. No compiler may reorder
/// them or find a formula, so nothing has to be hidden from it.
std::uint64_t run(const task& t, payload_view) {
    double sum = 0;
    for (std::int64_t i = 1; i < t.args[0]; ++i) {
        sum += std::sqrt(static_cast<double>(i)) * std::log(static_cast<double>(i + 1));
    }
    return std::bit_cast<std::uint64_t>(sum);
}

}  // namespace

extern const workload workload_sqrt_log;
constinit const workload workload_sqrt_log = {
    .name = "sqrt_log",
    .summary = "sum of sqrt(i) * log(i + 1) for 1 <= i < n, one term after the other",
    .parameters = parameters,
    .execute = run,
    .reference = run,
    .matches = same_bits,
    .floating_result = true,
};

}  // namespace stratbench
