#include <bit>
#include <cmath>

#include "workloads/workload.hpp"

// glibc's vector logarithm exists only where CMake found libmvec.
#if defined(__x86_64__) && defined(STRATBENCH_LIBMVEC)
#define STRATBENCH_SIMD 1
#include <immintrin.h>
#endif

namespace stratbench {
namespace {

constexpr parameter parameters[] = {
    {"n", "300000", "terms are added for 1 <= i < n"},
    {"lanes", "8",
     "terms at once at most: 8 (AVX-512), 4 (AVX2) or 1; less where the CPU has less"},
};

/// The terms from i = `first` on, left to right.
double scalar_sum(std::int64_t first, std::int64_t n) {
    double sum = 0;
    for (std::int64_t i = first; i < n; ++i) {
        sum += std::sqrt(static_cast<double>(i)) * std::log(static_cast<double>(i + 1));
    }
    return sum;
}

#ifdef STRATBENCH_SIMD
#define STRATBENCH_AVX512 __attribute__((target("avx512f")))
#define STRATBENCH_AVX2 __attribute__((target("avx2")))

// Vector functions of libmvec, by the names that the x86-64 vector ABI gives them: e is AVX-512,
// d is AVX2, N unmasked, then the lanes, one v for each vector argument.
extern "C" STRATBENCH_AVX512 __m512d log_of_8(__m512d) noexcept __asm__("_ZGVeN8v_log");
extern "C" STRATBENCH_AVX2 __m256d log_of_4(__m256d) noexcept __asm__("_ZGVdN4v_log");

// One vector accumulator is enough: the logarithm takes longer than the addition before it.

STRATBENCH_AVX512 double sum_by_8(std::int64_t n) {
    const __m512d one = _mm512_set1_pd(1);
    const __m512d eight = _mm512_set1_pd(8);
    __m512d i = _mm512_setr_pd(1, 2, 3, 4, 5, 6, 7, 8);
    __m512d sum = _mm512_setzero_pd();
    std::int64_t next = 1;
    for (; next + 8 <= n; next += 8) {
        const __m512d log = log_of_8(_mm512_add_pd(i, one));
        // The masked form of all lanes: GCC 12 warns of its own header in the plain one.
        const __m512d root = _mm512_maskz_sqrt_pd(0xff, i);
        sum = _mm512_add_pd(sum, _mm512_mul_pd(root, log));
        i = _mm512_add_pd(i, eight);
    }
    alignas(64) double lane[8];
    _mm512_store_pd(lane, sum);
    return ((lane[0] + lane[4]) + (lane[1] + lane[5])) +
           ((lane[2] + lane[6]) + (lane[3] + lane[7])) + scalar_sum(next, n);
}

STRATBENCH_AVX2 double sum_by_4(std::int64_t n) {
    const __m256d one = _mm256_set1_pd(1);
    const __m256d four = _mm256_set1_pd(4);
    __m256d i = _mm256_setr_pd(1, 2, 3, 4);
    __m256d sum = _mm256_setzero_pd();
    std::int64_t next = 1;
    for (; next + 4 <= n; next += 4) {
        const __m256d log = log_of_4(_mm256_add_pd(i, one));
        sum = _mm256_add_pd(sum, _mm256_mul_pd(_mm256_sqrt_pd(i), log));
        i = _mm256_add_pd(i, four);
    }
    alignas(32) double lane[4];
    _mm256_store_pd(lane, sum);
    return ((lane[0] + lane[2]) + (lane[1] + lane[3])) + scalar_sum(next, n);
}
#endif

std::uint64_t run(const task& t, payload_view) {
    const std::int64_t n = t.args[0];
#ifdef STRATBENCH_SIMD
    const std::int64_t lanes = t.args[1];
    if (lanes >= 8 && __builtin_cpu_supports("avx512f")) {
        return std::bit_cast<std::uint64_t>(sum_by_8(n));
    }
    if (lanes >= 4 && __builtin_cpu_supports("avx2")) {
        return std::bit_cast<std::uint64_t>(sum_by_4(n));
    }
#endif
    return std::bit_cast<std::uint64_t>(scalar_sum(1, n));
}

std::uint64_t run_scalar(const task& t, payload_view) {
    return std::bit_cast<std::uint64_t>(scalar_sum(1, t.args[0]));
}

/// The relative difference is at most (n + 8) u with u = 2^-53.
///
/// Source: Higham, "Accuracy and Stability of Numerical Algorithms", 2nd edition, section 4.2. A
/// sum of n terms >= 0 from left to right is off by at most (n - 1) u, and more exactly by u times
/// the sum of the partial sums over the total, which for terms that grow is below n u / 2; the
/// lanes of the vector sum are shorter still. What is left of n u, and the 8 u, are for the
/// logarithms of libmvec, which may differ from libm's by some units in the last place.
bool within_bound(const task& t, std::uint64_t value, std::uint64_t reference) {
    const auto expected = std::bit_cast<double>(reference);
    const double bound = static_cast<double>(t.args[0] + 8) * 0x1p-53;
    // A NaN is outside of every bound.
    return std::abs(std::bit_cast<double>(value) - expected) <= bound * expected;
}

void check(const task& t) {
    if (t.args[1] != 8 && t.args[1] != 4 && t.args[1] != 1) {
        throw usage_error("workload 'sqrt_log_simd': lanes is " + std::to_string(t.args[1]) +
                          "; accepted are 8, 4 and 1");
    }
}

}  // namespace

extern const workload workload_sqrt_log_simd;
constinit const workload workload_sqrt_log_simd = {
    .name = "sqrt_log_simd",
    .summary = "the same sum as sqrt_log, vectorised: what one core can really do",
    .parameters = parameters,
    .execute = run,
    .reference = run_scalar,
    .matches = within_bound,
    .floating_result = true,
    .check = check,
};

}  // namespace stratbench
