#include "harness/stats/histogram/histogram.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "harness/stats/histogram/base64.hpp"

namespace stratbench {
namespace {

/// Log-normal durations around 100 us, as service times are.
std::vector<std::int64_t> sample(std::size_t n, unsigned seed) {
    std::mt19937_64 engine(seed);
    std::lognormal_distribution<double> draw(std::log(100e3), 1.5);
    std::vector<std::int64_t> values(n);
    std::generate(values.begin(), values.end(),
                  [&] { return static_cast<std::int64_t>(draw(engine)); });
    return values;
}

histogram of(const std::vector<std::int64_t>& values) {
    histogram h;
    for (const auto value : values) {
        h.record(value);
    }
    return h;
}

TEST(histogram, percentiles_agree_with_the_sorted_values_to_a_thousandth) {
    auto values = sample(100'000, 1);
    const histogram h = of(values);
    std::sort(values.begin(), values.end());
    for (const double percent : {0.1, 1.0, 10.0, 50.0, 90.0, 99.0, 99.9, 99.99, 100.0}) {
        const auto rank = static_cast<std::size_t>(std::ceil(percent * 1000 - 1e-6));
        const auto truth = static_cast<double>(values[rank - 1]);
        EXPECT_NEAR(static_cast<double>(h.value_at_percentile(percent)), truth, truth / 1000)
            << percent;
    }
    const double sum = std::accumulate(values.begin(), values.end(), 0.0);
    EXPECT_NEAR(h.mean(), sum / 1e5, sum / 1e5 / 1000);
}

TEST(histogram, the_smallest_values_are_exact) {
    histogram h;
    for (std::int64_t value = 1; value <= 1000; ++value) {
        h.record(value);
    }
    EXPECT_EQ(h.value_at_percentile(50), 500);
    EXPECT_EQ(h.value_at_percentile(99), 990);
    EXPECT_EQ(h.value_at_percentile(99.9), 999);
    EXPECT_EQ(h.value_at_percentile(100), 1000);
    EXPECT_EQ(h.min(), 1);
    EXPECT_EQ(h.max(), 1000);
}

TEST(histogram, every_power_of_two_and_its_neighbours_keep_three_digits) {
    for (std::int64_t power = 1; power < histogram::highest_ns; power *= 2) {
        for (const std::int64_t value : {power - 1, power, power + 1}) {
            histogram h;
            h.record(value);
            EXPECT_LE(h.min(), value);
            EXPECT_GE(h.max(), value);
            EXPECT_LE(static_cast<double>(h.max() - h.min()), static_cast<double>(value) / 1000);
        }
    }
}

TEST(histogram, values_out_of_range_count_at_the_ends) {
    histogram h;
    h.record(-5);
    h.record(histogram::highest_ns * 2, 3);
    EXPECT_EQ(h.count(), 4U);
    EXPECT_EQ(h.min(), 0);
    EXPECT_GE(h.max(), histogram::highest_ns);
    EXPECT_LE(static_cast<double>(h.max()), 1.001 * histogram::highest_ns);
}

TEST(histogram, an_empty_one_has_zeros) {
    const histogram h;
    EXPECT_EQ(h.value_at_percentile(99), 0);
    EXPECT_EQ(h.mean(), 0);
    EXPECT_EQ(h.max(), 0);
    EXPECT_TRUE(h.steps().empty());
}

TEST(histogram, merging_equals_recording_everything_in_one) {
    const auto a = sample(5'000, 1), b = sample(7'000, 2);
    histogram merged = of(a);
    merged.merge(of(b));
    auto both = a;
    both.insert(both.end(), b.begin(), b.end());
    EXPECT_EQ(merged.encode(), of(both).encode());
    EXPECT_EQ(merged.count(), 12'000U);
}

TEST(histogram, steps_ascend_and_add_up) {
    const histogram h = of(sample(10'000, 3));
    std::uint64_t sum = 0;
    std::int64_t last = -1;
    for (const auto& step : h.steps()) {
        sum += step.count;
        EXPECT_EQ(step.cumulative, sum);
        EXPECT_GT(step.value_ns, last);
        last = step.value_ns;
    }
    EXPECT_EQ(sum, h.count());
}

TEST(histogram_encoding, round_trip_keeps_every_count) {
    histogram h = of(sample(100'000, 4));
    h.record(3, 1);
    h.record(7, std::uint64_t{1} << 62);  // nine bytes
    const histogram back = histogram::decode(h.encode());
    EXPECT_EQ(back.count(), h.count());
    EXPECT_EQ(back.encode(), h.encode());
    EXPECT_EQ(back.value_at_percentile(100), h.value_at_percentile(100));
    EXPECT_EQ(histogram::decode(histogram().encode()).count(), 0U);
}

TEST(histogram_encoding, starts_as_the_log_files_of_hdrhistogram_do) {
    EXPECT_EQ(histogram().encode().substr(0, 4), "HIST");
}

/// A V2 encoding with this inner part, compressed as it should be.
std::string wrapped(std::vector<unsigned char> plain) {
    std::vector<unsigned char> squeezed(compressBound(plain.size()));
    uLongf size = squeezed.size();
    compress(squeezed.data(), &size, plain.data(), plain.size());
    std::vector<unsigned char> whole{0x1c,
                                     0x84,
                                     0x93,
                                     0x14,
                                     0,
                                     0,
                                     static_cast<unsigned char>(size >> 8),
                                     static_cast<unsigned char>(size)};
    whole.insert(whole.end(), squeezed.begin(), squeezed.begin() + static_cast<long>(size));
    return base64_encode(whole);
}

/// The header that every encoding of ours has, and this payload (at most 255 bytes) behind it.
std::vector<unsigned char> plain_with(const std::vector<unsigned char>& payload) {
    std::vector<unsigned char> plain{
        0x1c, 0x84, 0x93, 0x13,
        0,    0,    0,    static_cast<unsigned char>(payload.size()),  // cookie, length
        0,    0,    0,    0,
        0,    0,    0,    3,  // offset, digits
        0,    0,    0,    0,
        0,    0,    0,    1,  // lowest
        0,    0,    0x03, 0x46,
        0x30, 0xb8, 0xa0, 0,  // highest: 3.6e12
        0x3f, 0xf0, 0,    0,
        0,    0,    0,    0,  // ratio: 1.0
    };
    for (const unsigned char c : payload) {
        plain.push_back(c);
    }
    return plain;
}

TEST(histogram_encoding, reads_a_text_that_was_made_by_hand) {
    // -5 empty slots, then 2 values of 5 ns.
    const histogram h = histogram::decode(wrapped(plain_with({9, 4})));
    EXPECT_EQ(h.count(), 2U);
    EXPECT_EQ(h.min(), 5);
}

TEST(histogram_encoding, garbage_is_refused) {
    const std::string good = of(sample(100, 5)).encode();
    for (const std::string& bad :
         {std::string(), std::string("AAAA"), std::string("not base64!!"), std::string("A==="),
          good.substr(0, good.size() / 8 * 4), std::string("QUJD") + good.substr(4),
          std::string(std::size_t{10'000'000}, 'A')})  // NOLINT: so long on purpose
        EXPECT_THROW(histogram::decode(bad), std::runtime_error) << bad.substr(0, 40);
    for (std::size_t i = 0; i < good.size(); ++i) {
        std::string flipped = good;
        flipped[i] = flipped[i] == 'A' ? 'B' : 'A';
        try {
            histogram::decode(flipped);
        } catch (const std::runtime_error&) {
        }
    }
}

TEST(histogram_encoding, hostile_counts_are_refused) {
    const std::vector<unsigned char> lowest(9, 0xff);  // a run of 2^63 empty slots
    EXPECT_THROW(histogram::decode(wrapped(plain_with(lowest))), std::runtime_error);
    std::vector<unsigned char> large{0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    std::vector<unsigned char> three;
    for (int i = 0; i < 3; ++i) {
        three.insert(three.end(), large.begin(), large.end());
    }
    EXPECT_NO_THROW(histogram::decode(wrapped(plain_with(large))));
    EXPECT_THROW(histogram::decode(wrapped(plain_with(three))), std::runtime_error);
    EXPECT_THROW(histogram::decode(wrapped(plain_with({0x80}))), std::runtime_error);
    // A run of all slots, and one count behind the last of them.
    std::vector<unsigned char> beyond;
    std::size_t zigzag = 2 * histogram_layout::slots - 1;
    for (; zigzag >= 0x80; zigzag >>= 7) {
        beyond.push_back(static_cast<unsigned char>(zigzag | 0x80));
    }
    beyond.push_back(static_cast<unsigned char>(zigzag));
    EXPECT_NO_THROW(histogram::decode(wrapped(plain_with(beyond))));
    beyond.push_back(2);
    EXPECT_THROW(histogram::decode(wrapped(plain_with(beyond))), std::runtime_error);
    auto other_digits = plain_with({4});
    other_digits[15] = 2;
    EXPECT_THROW(histogram::decode(wrapped(other_digits)), std::runtime_error);
    EXPECT_THROW(histogram::decode(wrapped(std::vector<unsigned char>(50'000'000))),
                 std::runtime_error);
}

TEST(base64, agrees_with_the_examples_of_rfc_4648) {
    for (const auto& [plain, coded] : std::vector<std::pair<std::string, std::string>>{
             {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}}) {
        const std::vector<unsigned char> bytes(plain.begin(), plain.end());
        EXPECT_EQ(base64_encode(bytes), coded);
        EXPECT_EQ(base64_decode(coded), bytes);
    }
}

}  // namespace
}  // namespace stratbench
