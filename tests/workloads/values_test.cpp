// What the workloads compute: known values, references, bounds.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "harness/base/hash.hpp"
#include "workloads/task_template.hpp"

namespace stratbench {
namespace {

task make_task(const std::string& text, std::uint64_t id = 0, std::uint64_t seed = 0) {
    return resolve_workload(parse_spec(text, "workload")).make(id, seed);
}

std::vector<std::byte> payload_of(const task& t) {
    std::vector<std::byte> payload(t.payload_bytes);
    generate_payload(t, payload);
    return payload;
}

std::string printed(const task& t) {
    return value_text(t, execute(t, payload_of(t)));
}

TEST(values, sqrt_log_gives_the_known_sums_to_the_printed_digit) {
    constexpr const char* known[] = {"75676061.2758",  "101265290.4962", "129512258.9629",
                                     "160248072.6245", "193335055.834",  "228658022.6116"};
    for (std::uint64_t i = 0; i < std::size(known); ++i) {
        EXPECT_EQ(printed(make_task("sqrt_log:n=50000,step=10000", i)), known[i]);
    }
}

TEST(values, sum_range_gives_the_known_sums) {
    constexpr const char* small[] = {"50005000", "50015001", "50025003", "50035006", "50045010",
                                     "50055015", "50065021", "50075028", "50085036", "50095045"};
    for (std::uint64_t i = 0; i < std::size(small); ++i) {
        EXPECT_EQ(printed(make_task("sum_range:n=10000,step=1", i)), small[i]);
    }

    constexpr const char* large[] = {"5000000050000000", "5000000150000001", "5000000250000003",
                                     "5000000350000006"};
    for (std::uint64_t i = 0; i < std::size(large); ++i) {
        const task t = make_task("sum_range:n=1e8,step=1", i);
        EXPECT_EQ(value_text(t, workloads()[t.workload]->reference(t, {})), large[i]);
    }
    EXPECT_EQ(printed(make_task("sum_range:n=100000000")), large[0]);
}

TEST(values, sum_squares_gives_the_known_sums) {
    EXPECT_EQ(printed(make_task("sum_squares:n=1")), "0");
    EXPECT_EQ(printed(make_task("sum_squares:n=2")), "1");
    EXPECT_EQ(printed(make_task("sum_squares:n=11")), "385");
    EXPECT_EQ(printed(make_task("sum_squares:n=1000001")), "333333833333500000");
}

TEST(values, of_every_workload_match_the_reference_for_many_sizes) {
    for (const workload* w : workloads()) {
        for (const std::int64_t n : {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 17, 100, 1000, 12345}) {
            task t = make_task(std::string(w->name), 7, 42);
            if (w->has_size) {
                t.args[0] = n;
            }
            if (w->payload_bytes != nullptr) {
                t.payload_bytes = static_cast<std::uint32_t>(w->payload_bytes(t));
            }
            const auto payload = payload_of(t);
            const std::uint64_t reference = w->reference(t, payload);
            EXPECT_TRUE(w->matches(t, execute(t, payload), reference)) << w->name << " n=" << n;
            EXPECT_FALSE(w->matches(t, reference ^ (1ULL << 50), reference))
                << w->name << " n=" << n;
        }
    }
}

TEST(values, closed_forms_wrap_modulo_two_to_the_64_as_the_sums_do) {
    const auto reference = [](const char* text) {
        const task t = make_task(text);
        return workloads()[t.workload]->reference(t, {});
    };
    // Exact sums of Python's integers, modulo 2^64.
    EXPECT_EQ(reference("sum_range:n=9007199254740991"), 18442240474082181120ULL);
    EXPECT_EQ(reference("sum_range:n=9007199254740992"), 4503599627370496ULL);
    EXPECT_EQ(reference("sum_squares:n=5000000"), 4773166019248396768ULL);
    EXPECT_EQ(printed(make_task("sum_squares:n=5000000")), "4773166019248396768");
}

TEST(values, of_a_size_below_one_are_zero) {
    for (const char* name : {"sum_range", "sum_squares", "sqrt_log", "sqrt_log_simd"}) {
        task t = make_task(name);
        for (const std::int64_t n : {std::int64_t{0}, std::numeric_limits<std::int64_t>::min()}) {
            t.args[0] = n;
            EXPECT_EQ(execute(t, {}), 0U) << name;
            EXPECT_EQ(workloads()[t.workload]->reference(t, {}), 0U) << name;
        }
    }
}

TEST(values, of_the_vectorised_sum_lie_within_its_bound_of_the_scalar_sum) {
    std::vector<std::int64_t> sizes = {1000, 9999, 65536, 300000, 1000003};
    for (std::int64_t n = 1; n <= 70; ++n) {
        sizes.push_back(n);
    }
    for (const char* lanes : {"8", "4", "1"}) {
        const task vector = make_task(std::string("sqrt_log_simd:lanes=") + lanes);
        const task scalar = make_task("sqrt_log");
        for (const std::int64_t n : sizes) {
            task t = vector;
            task s = scalar;
            t.args[0] = s.args[0] = n;
            const auto sum = std::bit_cast<double>(execute(t, {}));
            const auto expected = std::bit_cast<double>(execute(s, {}));
            EXPECT_LE(std::abs(sum - expected), static_cast<double>(n + 8) * 0x1p-53 * expected)
                << "lanes=" << lanes << " n=" << n;
        }
    }
}

TEST(values, of_the_vectorised_sum_that_are_off_by_more_than_the_bound_are_wrong) {
    const task t = make_task("sqrt_log_simd:n=1000");
    const workload& w = *workloads()[t.workload];
    const std::uint64_t reference = w.reference(t, {});
    const auto off_by = [&](double relative) {
        return std::bit_cast<std::uint64_t>(std::bit_cast<double>(reference) * (1 + relative));
    };
    EXPECT_TRUE(w.matches(t, off_by(1000 * 0x1p-53), reference));
    EXPECT_FALSE(w.matches(t, off_by(1020 * 0x1p-53), reference));
    EXPECT_FALSE(w.matches(t, off_by(-1020 * 0x1p-53), reference));
    const double nan = std::numeric_limits<double>::quiet_NaN();
    EXPECT_FALSE(w.matches(t, std::bit_cast<std::uint64_t>(nan), reference));
}

TEST(values, of_noop_differ_from_task_to_task) {
    const task_template t = resolve_workload({.name = "noop"});
    const task first = t.make(0, 9);
    const task second = t.make(1, 9);
    EXPECT_NE(execute(first, {}), execute(second, {}));
    EXPECT_EQ(execute(first, {}), mix64(first.id ^ first.seed));
}

TEST(payload, is_the_same_for_the_same_task_and_another_for_another_seed) {
    const task t = make_task("sqrt_values:n=1000", 3, 5);
    ASSERT_EQ(t.payload_bytes, 4000U);
    EXPECT_EQ(payload_of(t), payload_of(t));
    EXPECT_NE(payload_of(t), payload_of(make_task("sqrt_values:n=1000", 3, 6)));
    EXPECT_NE(payload_of(t), payload_of(make_task("sqrt_values:n=1000", 4, 5)));
}

TEST(payload, holds_integers_from_1_to_max_and_reaches_both_ends) {
    for (const std::uint32_t max : {1U, 6U, 10000U}) {
        const auto payload =
            payload_of(make_task("sqrt_values:n=200000,max=" + std::to_string(max)));
        std::vector<std::uint32_t> values(payload.size() / 4);
        std::memcpy(values.data(), payload.data(), payload.size());
        const auto [least, most] = std::minmax_element(values.begin(), values.end());
        EXPECT_EQ(*least, 1U);
        EXPECT_EQ(*most, max);
    }
}

TEST(payload, is_read_and_not_drawn_again_by_whoever_executes) {
    const task t = make_task("sqrt_values:n=3");
    const std::uint32_t values[] = {1, 4, 9};
    EXPECT_EQ(value_text(t, execute(t, std::as_bytes(std::span(values)))), "6.0");
}

TEST(payload, that_was_damaged_on_its_way_gives_a_wrong_result) {
    const task t = make_task("sqrt_values:n=100");
    auto payload = payload_of(t);
    payload[17] ^= std::byte{1};
    const workload& w = *workloads()[t.workload];
    EXPECT_FALSE(w.matches(t, execute(t, payload), w.reference(t, payload)));
}

TEST(payload, need_not_be_aligned) {
    const task t = make_task("sqrt_values:n=100");
    const auto payload = payload_of(t);
    std::vector<std::byte> shifted(payload.size() + 1);
    std::copy(payload.begin(), payload.end(), shifted.begin() + 1);
    EXPECT_EQ(execute(t, std::span(shifted).subspan(1)), execute(t, payload));
}

TEST(payload, grows_with_the_step) {
    const task t = make_task("sqrt_values:n=10,step=5", 2);
    EXPECT_EQ(t.args[0], 20);
    EXPECT_EQ(t.payload_bytes, 80U);
}

TEST(value_text, writes_doubles_as_python_rounds_them) {
    const task t = make_task("sqrt_log");
    const auto text = [&](double x) { return value_text(t, std::bit_cast<std::uint64_t>(x)); };
    EXPECT_EQ(text(0), "0.0");
    EXPECT_EQ(text(2), "2.0");
    EXPECT_EQ(text(0.5), "0.5");
    EXPECT_EQ(text(193335055.83404), "193335055.834");
    EXPECT_EQ(text(2.00005), "2.0");
    EXPECT_EQ(text(2.00015), "2.0002");
    EXPECT_EQ(text(0.00004), "0.0");
    EXPECT_EQ(text(1234567890123.1234), "1234567890123.1233");
    EXPECT_EQ(text(1e15 + 0.125), "1000000000000000.1");
    EXPECT_EQ(text(std::numeric_limits<double>::infinity()), "inf");
}

TEST(value_text, writes_integers_without_a_sign) {
    EXPECT_EQ(value_text(make_task("sum_range"), ~std::uint64_t{0}), "18446744073709551615");
}

}  // namespace
}  // namespace stratbench
