#include "workloads/opaque.hpp"
#include "workloads/workload.hpp"

namespace stratbench {
namespace {

constexpr parameter parameters[] = {{"n", "1000000", "squares below this integer are added"}};

std::uint64_t run(const task& t, payload_view) {
    std::uint64_t sum = 0;
    for (std::int64_t i = 0; i < t.args[0]; ++i) {
        sum += static_cast<std::uint64_t>(i) * static_cast<std::uint64_t>(i);
        keep_opaque(sum);
    }
    return sum;
}

/// (n - 1) n (2n - 1) / 6 modulo 2^64, like the sum: 2 and 3 are divided out of the factors that
/// hold them before the product wraps.
std::uint64_t closed_form(const task& t, payload_view) {
    if (t.args[0] < 1) {
        return 0;
    }
    const auto n = static_cast<std::uint64_t>(t.args[0]);
    std::uint64_t factors[] = {n - 1, n, 2 * n - 1};
    for (const std::uint64_t divisor : {2U, 3U}) {
        for (std::uint64_t& factor : factors) {
            if (factor % divisor != 0) {
                continue;
            }
            factor /= divisor;
            break;
        }
    }
    return factors[0] * factors[1] * factors[2];
}

}  // namespace

extern const workload workload_sum_squares;
constinit const workload workload_sum_squares = {
    .name = "sum_squares",
    .summary = "sum of i*i over the integers below n, modulo 2^64",
    .parameters = parameters,
    .execute = run,
    .reference = closed_form,
    .matches = same_bits,
};

}  // namespace stratbench
