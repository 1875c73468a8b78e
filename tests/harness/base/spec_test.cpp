#include "harness/base/spec.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace stratbench {
namespace {

using namespace std::string_literals;

/// The text of the usage_error that `action` throws; a test failure when it throws none.
template <class Action>
std::string error_of(Action action) {
    try {
        action();
    } catch (const usage_error& error) {
        EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
        return error.what();
    }
    ADD_FAILURE() << "no usage_error";
    return {};
}

std::string spec_error(std::string_view text) {
    return error_of([&] { parse_spec(text, "load"); });
}

bool reads_integer(std::string_view text) {
    try {
        parse_integer(text, "n", std::numeric_limits<std::int64_t>::min(),
                      std::numeric_limits<std::int64_t>::max());
        return true;
    } catch (const usage_error&) {
        return false;
    }
}

bool reads_duration(std::string_view text) {
    try {
        parse_duration_ns(text, "wait", 0);
        return true;
    } catch (const usage_error&) {
        return false;
    }
}

TEST(spec, a_name_alone_has_no_items) {
    const spec s = parse_spec("sync", "strategy");
    EXPECT_EQ(s.name, "sync");
    EXPECT_FALSE(s.positional);
    EXPECT_TRUE(s.items.empty());
}

TEST(spec, items_keep_their_order_and_are_found_by_key) {
    const spec s = parse_spec("producer:jobs=12,every=10ms,queue=10", "load");
    ASSERT_EQ(s.items.size(), 3U);
    EXPECT_EQ(s.items[1].first, "every");
    EXPECT_EQ(s.find("queue"), "10");
    EXPECT_EQ(s.find("nothing"), std::nullopt);
}

TEST(spec, the_first_item_may_be_a_bare_value) {
    const spec s = parse_spec("poisson:500/s,window=2s", "load");
    EXPECT_EQ(s.positional, "500/s");
    EXPECT_EQ(s.find("window"), "2s");
}

TEST(spec, a_value_may_hold_colons_slashes_and_equals_signs) {
    EXPECT_EQ(parse_spec("trace:/a/b:c.csv", "load").positional, "/a/b:c.csv");
    EXPECT_EQ(parse_spec("x:key=a=b", "load").find("key"), "a=b");
    EXPECT_EQ(parse_spec("x:key=", "load").find("key"), "");
}

TEST(spec, its_text_reads_back_as_an_equal_spec) {
    for (const char* text : {"sync", "poisson:500/s", "sqrt_log:n=5,step=2", "burst:9,every=1s",
                             "x:key=", "x:key=a=b"}) {
        const spec s = parse_spec(text, "load");
        EXPECT_EQ(s.text(), text);
        EXPECT_EQ(parse_spec(s.text(), "load"), s);
    }
}

TEST(spec, what_does_not_follow_the_grammar_is_refused_with_the_reason) {
    EXPECT_EQ(spec_error(""), "load '': the name is missing; accepted is name[:key=value,...]");
    EXPECT_EQ(spec_error(":a=1"),
              "load ':a=1': the name is missing; accepted is name[:key=value,...]");
    EXPECT_EQ(spec_error("x:"), "load 'x:': an item is empty; accepted is name[:key=value,...]");
    EXPECT_EQ(spec_error("x:a=1,"),
              "load 'x:a=1,': an item is empty; accepted is name[:key=value,...]");
    EXPECT_EQ(spec_error("x:=1"),
              "load 'x:=1': a key is missing before '='; accepted is name[:key=value,...]");
    EXPECT_EQ(spec_error("x:a=1,b"),
              "load 'x:a=1,b': 'b' has no value; only the first item may be bare");
    EXPECT_EQ(spec_error("x:a=1,a=2"), "load 'x:a=1,a=2': 'a' is given twice");
}

TEST(spec, a_hostile_text_still_gives_one_short_line) {
    const std::string error = spec_error(":" + std::string(5000, '\n'));
    EXPECT_LT(error.size(), 200U);
}

TEST(spec, an_unknown_key_is_refused_with_what_is_accepted) {
    constexpr parameter accepted[] = {{"n", "1", "size"}, {"step", "0", "growth"}};
    EXPECT_NO_THROW(require_known_keys(parse_spec("w:n=1,step=2", "x"), accepted, "workload"));
    EXPECT_EQ(error_of([&] {
                  require_known_keys(parse_spec("w:stp=1", "workload"), accepted, "workload");
              }),
              "workload 'w': no parameter 'stp'; did you mean 'step'?; accepted: n, step");
    EXPECT_EQ(error_of([&] {
                  require_known_keys(parse_spec("w:zzz=1", "workload"), accepted, "workload");
              }),
              "workload 'w': no parameter 'zzz'; accepted: n, step");
    EXPECT_EQ(
        error_of([&] { require_known_keys(parse_spec("sync:a=1", "strategy"), {}, "strategy"); }),
        "strategy 'sync': no parameter 'a'; it takes none");
}

TEST(integers, are_read_in_each_accepted_form) {
    for (const char* text : {"1000000", "1e6", "1'000'000", "10E5", "01000000"}) {
        EXPECT_EQ(parse_integer(text, "n", 1, 2'000'000), 1'000'000) << text;
    }
    EXPECT_EQ(parse_integer("-5", "n", -10, 10), -5);
    EXPECT_EQ(parse_integer("0", "n", 0, 0), 0);
    EXPECT_EQ(parse_integer("9223372036854775807", "n", 0, 9223372036854775807),
              9223372036854775807);
}

TEST(integers, of_any_other_form_or_too_large_are_refused) {
    for (const char* text : {"",
                             "-",
                             "+1",
                             " 1",
                             "1 ",
                             "1.5",
                             "1e",
                             "e6",
                             "1e-3",
                             "1e+3",
                             "1e19",
                             "0e19",
                             "1''0",
                             "'1",
                             "1'",
                             "0x10",
                             "9223372036854775808",
                             "10e18",
                             "1k",
                             "1e99999999999999999999",
                             "nan"}) {
        EXPECT_FALSE(reads_integer(text)) << text;
    }
}

TEST(integers, outside_their_range_are_refused_with_the_range) {
    EXPECT_EQ(error_of([] { parse_integer("0", "workers", 1, 64); }),
              "workers '0': accepted is a whole number from 1 to 64, such as 1000000, 1e6 or "
              "1'000'000");
    EXPECT_THROW(parse_integer("65", "workers", 1, 64), usage_error);
}

TEST(durations, are_read_in_each_unit_to_the_nanosecond) {
    EXPECT_EQ(parse_duration_ns("500ns", "d"), 500);
    EXPECT_EQ(parse_duration_ns("20us", "d"), 20'000);
    EXPECT_EQ(parse_duration_ns("1ms", "d"), 1'000'000);
    EXPECT_EQ(parse_duration_ns("1.5s", "d"), 1'500'000'000);
    EXPECT_EQ(parse_duration_ns("0.000000001s", "d"), 1);
    EXPECT_EQ(parse_duration_ns("1.50ms", "d"), 1'500'000);
    EXPECT_EQ(parse_duration_ns("0s", "d", 0), 0);
}

TEST(durations, of_any_other_form_are_refused) {
    for (const char* text : {"", "1", "ms", ".5s", "1.s", "1..5s", "1.5.5s", "-1s", "1 s", "1e3us",
                             "1.5ns", "1h", "1S", "99999999999s", "1ms "}) {
        EXPECT_FALSE(reads_duration(text)) << text;
    }
}

TEST(durations, of_zero_are_refused_unless_allowed) {
    EXPECT_EQ(
        error_of([] { parse_duration_ns("0ms", "duration"); }),
        "duration '0ms': accepted is a time of whole nanoseconds from 1ns to 9000000000s with "
        "its unit (ns, us, ms or s), such as 500ns, 20us or 1.5s");
    EXPECT_EQ(error_of([] { parse_duration_ns("11s", "d", 1, 10'000'000'000); }),
              "d '11s': accepted is a time of whole nanoseconds from 1ns to 10s with its unit (ns, "
              "us, ms or s), such as 500ns, 20us or 1.5s");
}

TEST(durations, are_written_in_the_largest_unit_that_is_exact) {
    EXPECT_EQ(duration_text(1'000'000), "1ms");
    EXPECT_EQ(duration_text(20'000), "20us");
    EXPECT_EQ(duration_text(1'500'000), "1500us");
    EXPECT_EQ(duration_text(2'000'000'000), "2s");
    EXPECT_EQ(duration_text(1), "1ns");
    for (const std::int64_t ns : {1L, 999L, 1'000L, 123'456'789L, 60'000'000'000L}) {
        EXPECT_EQ(parse_duration_ns(duration_text(ns), "d"), ns);
    }
    EXPECT_EQ(parse_duration_ns(duration_text(0), "d", 0), 0);
}

TEST(suggestions, name_the_nearest_candidate_unless_more_than_a_third_differs) {
    constexpr std::string_view names[] = {"sqrt_log", "sqrt_log_simd", "sum_range", "noop"};
    EXPECT_EQ(suggestion("sqrtlog", names), "; did you mean 'sqrt_log'?");
    EXPECT_EQ(suggestion("sum_ragne", names), "; did you mean 'sum_range'?");
    EXPECT_EQ(suggestion("noops", names), "; did you mean 'noop'?");
    EXPECT_EQ(suggestion("nope", names), "");
    EXPECT_EQ(suggestion("fibonacci", names), "");
    EXPECT_EQ(suggestion("", names), "");
    EXPECT_EQ(suggestion("x", {}), "");
}

TEST(sizes, are_whole_numbers_with_a_unit) {
    EXPECT_EQ(parse_bytes("512MiB", "memory"), 512U << 20);
    EXPECT_EQ(parse_bytes("64KiB", "memory"), 64U << 10);
    EXPECT_EQ(parse_bytes("2GiB", "memory"), std::uint64_t{2} << 30);
    EXPECT_EQ(parse_bytes("4097B", "memory"), 4097U);
    for (const char* text : {"", "512", "MiB", "0MiB", "-1MiB", "1.5GiB", "512MB", "512 MiB",
                             "512MiBx", "17179869184GiB", "99999999999999999999B"}) {
        EXPECT_EQ(
            error_of([&] { parse_bytes(text, "memory"); }),
            "memory '" + std::string(text) +
                "': accepted is a size from 1B to 1048576GiB with its unit (B, KiB, MiB or GiB), "
                "such as 512MiB, 64KiB or 2GiB");
    }
}

TEST(sizes, are_written_so_that_they_are_read_back) {
    EXPECT_EQ(bytes_text(512U << 20), "512MiB");
    EXPECT_EQ(bytes_text(1536U << 20), "1536MiB");
    EXPECT_EQ(bytes_text(4097), "4097B");
    for (const std::uint64_t bytes : {1U, 1U << 10, 3U << 20, (1U << 20) + 1U}) {
        EXPECT_EQ(parse_bytes(bytes_text(bytes), "memory"), bytes);
    }
}

}  // namespace
}  // namespace stratbench
