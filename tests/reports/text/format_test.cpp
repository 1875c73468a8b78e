#include "reports/text/format.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace stratbench {
namespace {

TEST(format, durations_have_three_digits_and_the_largest_fitting_unit) {
    EXPECT_EQ(duration(0.0), "0 ns");
    EXPECT_EQ(duration(24.0), "24 ns");
    EXPECT_EQ(duration(24.46), "24.5 ns");
    EXPECT_EQ(duration(1234.0), "1.23 us");
    EXPECT_EQ(duration(45'600'000.0), "45.6 ms");
    EXPECT_EQ(duration(1e9), "1.00 s");
    EXPECT_EQ(duration(75.24e9), "75.2 s");
    EXPECT_EQ(duration(3600e9), "3600 s");
}

TEST(format, what_rounds_up_to_a_thousand_takes_the_next_unit) {
    EXPECT_EQ(duration(999'600.0), "1.00 ms");
    EXPECT_EQ(duration(999'400.0), "999 us");
    EXPECT_EQ(quantity(999'600.0), "1.00M");
    EXPECT_EQ(quantity(999.7), "1.00k");
    EXPECT_EQ(bytes(1048575), "1.00 MiB");
}

TEST(format, a_number_that_rounds_to_ten_or_a_hundred_keeps_three_digits) {
    EXPECT_EQ(plain(9.996), "10.0");
    EXPECT_EQ(plain(99.96), "100");
    EXPECT_EQ(plain(0.5123), "0.512");
}

TEST(format, quantities_below_a_thousand_are_whole_where_they_are_whole) {
    EXPECT_EQ(quantity(500.0), "500");
    EXPECT_EQ(quantity(12.25), "12.2");
    EXPECT_EQ(quantity(1980.0), "1.98k");
    EXPECT_EQ(quantity(21.3e6), "21.3M");
}

TEST(format, bytes_are_binary) {
    EXPECT_EQ(bytes(512), "512 B");
    EXPECT_EQ(bytes(1536), "1.50 KiB");
    EXPECT_EQ(bytes(12'897'485), "12.3 MiB");
}

TEST(format, percent_has_a_fraction_only_where_it_is_small) {
    EXPECT_EQ(percent(0.984), "98 %");
    EXPECT_EQ(percent(0.012), "1.2 %");
    EXPECT_EQ(percent(0.00031), "0.03 %");
    EXPECT_EQ(percent(0.000031), "0.003 %");
    EXPECT_EQ(percent(0), "0 %");
}

TEST(format, an_energy_has_a_unit_down_to_nanojoules) {
    EXPECT_EQ(energy(0.0123), "12.3 mJ");
    EXPECT_EQ(energy(4.5e-9), "4.50 nJ");
    EXPECT_EQ(energy(75.2), "75.2 J");
}

TEST(format, an_interval_has_the_unit_of_its_value) {
    EXPECT_EQ(duration(estimate{1.23e6, interval{0.98e6, 1.3e6}}), "1.23 ms [0.980, 1.30]");
    EXPECT_EQ(quantity(estimate{1980, interval{1950, 2010}}), "1.98k [1.95, 2.01]");
    EXPECT_EQ(quantity(estimate{1980, {}}), "1.98k");
}

TEST(format, a_percentile_says_when_it_is_a_bound_and_when_it_is_refused) {
    percentile p;
    EXPECT_EQ(duration(p), "-");
    p.value = 12.3e6;
    EXPECT_EQ(duration(p), "12.3 ms");
    p.censored = true;
    EXPECT_EQ(duration(p), "> 12.3 ms");
    p.refused = "n too small: 6 tasks, p99 needs 2000";
    EXPECT_EQ(duration(p), "n too small");
}

TEST(format, what_is_not_finite_has_no_figure) {
    EXPECT_EQ(duration(std::numeric_limits<double>::quiet_NaN()), "-");
    EXPECT_EQ(quantity(std::numeric_limits<double>::infinity()), "-");
}

TEST(format, control_characters_do_not_reach_a_terminal) {
    EXPECT_EQ(printable("a\x1b[31mb\nc\x7f"), "a?[31mb?c?");
    EXPECT_EQ(printable("x\xc2\x9b"
                        "31m"),
              "x?31m");
    EXPECT_EQ(printable("50 \xc2\xb5s"), "50 \xc2\xb5s");
}

TEST(format, columns_counts_code_points) {
    EXPECT_EQ(columns("\u2588\u2588 2"), 4u);
}

TEST(format, bytes_that_are_no_text_become_the_replacement_character) {
    const std::string text = "a \xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80";
    EXPECT_EQ(utf8(text), text);
    const std::string lost = "\xef\xbf\xbd";
    EXPECT_EQ(utf8("\xff"), lost);
    EXPECT_EQ(utf8("\xc3"), lost);
    EXPECT_EQ(utf8("\xc0\x80"), lost + lost) << "longer than it need be";
    EXPECT_EQ(utf8("\xed\xa0\x80"), lost + lost + lost) << "half of a pair";
    EXPECT_EQ(utf8("\xf4\x90\x80\x80"), lost + lost + lost + lost) << "beyond the last";
    EXPECT_EQ(utf8("\xef\xbf\xbf"), lost) << "not a character";
}

TEST(numbers, that_are_none_are_a_dash) {
    for (const double none :
         {std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity(),
          std::numeric_limits<double>::quiet_NaN()}) {
        EXPECT_EQ(percent(none), "-");
        EXPECT_EQ(plain(none), "-");
        EXPECT_EQ(cores(none), "-");
        EXPECT_EQ(duration(none), "-");
        EXPECT_EQ(quantity(none), "-");
        EXPECT_EQ(energy(none), "-");
    }
}

TEST(numbers, are_short_however_large) {
    for (const double huge : {1e7, 1e300, 1e308}) {
        EXPECT_LT(percent(huge).size(), 14U) << percent(huge);
        EXPECT_LT(percent(-huge).size(), 14U) << percent(-huge);
        EXPECT_LT(quantity(huge * 1e9 > 1e308 ? huge : huge * 1e9).size(), 14U) << quantity(huge);
        EXPECT_LT(plain(huge).size(), 14U);
    }
}

}  // namespace
}  // namespace stratbench
