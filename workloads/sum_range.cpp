#include "workloads/opaque.hpp"
#include "workloads/workload.hpp"

namespace stratbench {
namespace {

constexpr parameter parameters[] = {{"n", "1000000", "the last integer that is added"}};

std::uint64_t last_term(const task& t) {
    return t.args[0] < 0 ? 0 : static_cast<std::uint64_t>(t.args[0]);
}

std::uint64_t run(const task& t, payload_view) {
    const std::uint64_t n = last_term(t);
    std::uint64_t sum = 0;
    for (std::uint64_t i = 1; i <= n; ++i) {
        sum += i;
        keep_opaque(sum);
    }
    return sum;
}

/// n (n + 1) / 2 modulo 2^64, like the sum: the even factor is halved before the product wraps.
std::uint64_t closed_form(const task& t, payload_view) {
    const std::uint64_t n = last_term(t);
    return n % 2 == 0 ? n / 2 * (n + 1) : (n + 1) / 2 * n;
}

}  // namespace

extern const workload workload_sum_range;
constinit const workload workload_sum_range = {
    .name = "sum_range",
    .summary = "sum of the integers 1 to n, modulo 2^64",
    .parameters = parameters,
    .execute = run,
    .reference = closed_form,
    .matches = same_bits,
};

}  // namespace stratbench
