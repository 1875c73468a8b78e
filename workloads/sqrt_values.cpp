#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "harness/base/hash.hpp"
#include "workloads/workload.hpp"

namespace stratbench {
namespace {

using element = std::uint32_t;

constexpr parameter parameters[] = {
    {"n", "10000", "integers in the payload, 4 bytes each"},
    {"max", "10000", "the integers are drawn from 1 to this one"},
};

/// A payload's length has 32 bits.
constexpr std::int64_t most_elements = std::numeric_limits<std::uint32_t>::max() / sizeof(element);

std::uint64_t payload_bytes(const task& t) {
    const std::int64_t n = std::clamp<std::int64_t>(t.args[0], 0, most_elements);
    return static_cast<std::uint64_t>(n) * sizeof(element);
}

/// Integer number `index` of the task: uniform in 1..max, up to a bias of max / 2^32 (Lemire,
/// "Fast Random Integer Generation in an Interval", 2019: the multiplication without the
/// rejection).
element draw(const task& t, std::uint64_t index) {
    const std::uint64_t bits = mix64(t.seed + index * 0x9e3779b97f4a7c15ULL) >> 32;
    return static_cast<element>(1 + (bits * static_cast<std::uint64_t>(t.args[1]) >> 32));
}

void generate(const task& t, std::span<std::byte> out) {
    const std::size_t n = out.size() / sizeof(element);
    for (std::size_t i = 0; i < n; ++i) {
        const element value = draw(t, i);
        std::memcpy(out.data() + i * sizeof value, &value, sizeof value);
    }
}

std::uint64_t run(const task&, payload_view payload) {
    const std::size_t n = payload.size() / sizeof(element);
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) {
        element value = 0;
        // Copied, because a payload need not be aligned.
        std::memcpy(&value, payload.data() + i * sizeof value, sizeof value);
        sum += std::sqrt(static_cast<double>(value));
    }
    return std::bit_cast<std::uint64_t>(sum);
}

/// Draws the integers anew instead of reading them, so that a payload damaged on its way is seen.
std::uint64_t reference(const task& t, payload_view) {
    const std::uint64_t n = payload_bytes(t) / sizeof(element);
    double sum = 0;
    for (std::uint64_t i = 0; i < n; ++i) {
        sum += std::sqrt(static_cast<double>(draw(t, i)));
    }
    return std::bit_cast<std::uint64_t>(sum);
}

void check(const task& t) {
    if (t.args[0] > most_elements) {
        throw usage_error("workload 'sqrt_values': n is " + std::to_string(t.args[0]) +
                          "; a payload holds at most " + std::to_string(most_elements));
    }
    if (t.args[1] > std::numeric_limits<element>::max()) {
        throw usage_error("workload 'sqrt_values': max is " + std::to_string(t.args[1]) +
                          "; accepted is at most 4294967295");
    }
}

}  // namespace

extern const workload workload_sqrt_values;
constinit const workload workload_sqrt_values = {
    .name = "sqrt_values",
    .summary = "sum of sqrt over a payload of n integers: the payload must travel",
    .parameters = parameters,
    .execute = run,
    .reference = reference,
    .matches = same_bits,
    .payload_bytes = payload_bytes,
    .generate = generate,
    .depends_on_args_only = false,
    .floating_result = true,
    .check = check,
};

}  // namespace stratbench
