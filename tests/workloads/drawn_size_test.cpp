// Sizes that differ from task to task, and what tasks give back besides their values.

#include "workloads/drawn_size.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "workloads/reply_bytes.hpp"
#include "workloads/workload.hpp"

namespace stratbench {
namespace {

task_template resolved(const std::string& text) {
    return resolve_workload(parse_spec(text, "workload"));
}

/// The sizes of the first tasks, ascending.
std::vector<double> sizes_of(const std::string& text) {
    const task_template t = resolved(text);
    std::vector<double> sizes;
    for (std::uint64_t id = 0; id < 100'000; ++id) {
        sizes.push_back(static_cast<double>(t.make(id, 7).args[0]));
    }
    std::sort(sizes.begin(), sizes.end());
    return sizes;
}

double quantile(const std::vector<double>& ascending, double part) {
    return ascending[static_cast<std::size_t>(part * static_cast<double>(ascending.size()))];
}

double mean(const std::vector<double>& of) {
    double sum = 0;
    for (const double each : of) {
        sum += each;
    }
    return sum / static_cast<double>(of.size());
}

TEST(drawn_sizes, of_a_lognormal_have_the_quantiles_that_the_text_names) {
    const std::string text = "sum_range:n=lognormal(p50=1000,p99=10000)";
    const std::vector<double> sizes = sizes_of(text);
    EXPECT_NEAR(quantile(sizes, 0.5), 1000, 20);
    EXPECT_NEAR(quantile(sizes, 0.99), 10'000, 500);
    EXPECT_NEAR(mean(sizes), static_cast<double>(resolved(text).first.args[0]), 30);
}

TEST(drawn_sizes, of_an_exponential_have_its_mean_and_tail) {
    const std::vector<double> sizes = sizes_of("sum_range:n=exponential(mean=1000)");
    EXPECT_NEAR(mean(sizes), 1000, 15);
    EXPECT_NEAR(quantile(sizes, 0.9), 1000 * std::log(10), 40);
    EXPECT_EQ(resolved("sum_range:n=exponential(mean=1000)").first.args[0], 1000);
}

TEST(drawn_sizes, of_two_kinds_are_these_two_in_their_shares) {
    const std::string text = "sum_range:n=bimodal(small=10,large=1000,share=5%)";
    const std::vector<double> sizes = sizes_of(text);
    const auto large = std::count(sizes.begin(), sizes.end(), 1000.0);
    EXPECT_NEAR(static_cast<double>(large) / 100'000, 0.05, 0.003);
    EXPECT_EQ(std::count(sizes.begin(), sizes.end(), 10.0), 100'000 - large);
    EXPECT_EQ(resolved(text).first.args[0], 60);
}

TEST(drawn_sizes, follow_from_seed_and_id_alone) {
    const std::string text = "sqrt_values:n=lognormal(p50=100,p99=1000)";
    const task_template a = resolved(text);
    const task_template b = resolved(text);
    std::vector<std::int64_t> sizes;
    for (const std::uint64_t id : {0U, 1U, 2U, 3U, 1000U}) {
        sizes.push_back(a.make(id, 5).args[0]);
        EXPECT_EQ(sizes.back(), b.make(id, 5).args[0]);
        EXPECT_EQ(a.make(id, 5).payload_bytes, 4 * static_cast<std::uint32_t>(sizes.back()));
        EXPECT_NE(a.make(id, 5).seed, a.make(id, 6).seed);
    }
    std::sort(sizes.begin(), sizes.end());
    EXPECT_EQ(std::adjacent_find(sizes.begin(), sizes.end()), sizes.end()) << "all differ";
}

TEST(drawn_sizes, never_exceed_the_largest_for_which_there_is_room) {
    const task_template t = resolved("sqrt_values:n=exponential(mean=50)");
    const std::uint32_t room = t.longest_payload(1);
    EXPECT_EQ(room, 4U * 691);  // 50 means of which e^-x is a millionth
    for (std::uint64_t id = 0; id < 2'000'000; ++id) {
        const task each = t.make(id, 3);
        ASSERT_LE(each.payload_bytes, room);
        ASSERT_GE(each.args[0], 1);
    }
}

TEST(growing_sizes, have_room_for_the_last_of_so_many_tasks) {
    EXPECT_EQ(resolved("sqrt_values:n=10,step=5").longest_payload(3), 4U * 20);
    EXPECT_EQ(resolved("sqrt_values:n=10").longest_payload(~std::uint64_t{0}), 4U * 10);
}

TEST(drawn_sizes, have_a_text_that_reads_back_as_the_same_tasks) {
    for (const char* text :
         {"sqrt_log:n=lognormal(p50=1000,p99=20000)", "sqrt_log:n=exponential(mean=1000),wait=2ms",
          "sum_range:n=bimodal(small=1,large=7,share=7.25%),reply=12KiB"}) {
        EXPECT_EQ(resolved(text).text(), text);
    }
}

TEST(drawn_sizes, of_drawn_durations_are_timed_and_frozen) {
    const std::string text =
        resolved("sqrt_log:duration=bimodal(small=50us,large=5ms,share=10%)").text();
    EXPECT_TRUE(text.starts_with("sqrt_log:n=bimodal(small=")) << text;
    const task_template t = resolved(text);
    EXPECT_EQ(t.text(), text);
    // A wide bound, as where durations are fixed: it catches a wrong unit.
    const double mean_ns = 0.9 * 50e3 + 0.1 * 5e6;
    EXPECT_GT(serial_cost_ns(t), mean_ns / 5);
    EXPECT_LT(serial_cost_ns(t), mean_ns * 5);
}

struct bad_size {
    const char* text;
    const char* says;
};

TEST(drawn_sizes, that_make_no_sense_are_refused_with_what_is_accepted) {
    constexpr bad_size mistakes[] = {
        {"n=lognormal", "accepted is the like of lognormal(p50=2ms,p99=20ms)"},
        {"n=lognormal(", "accepted is the like of lognormal("},
        {"n=lognormal()", "an item is empty"},
        {"n=lognormal(p50=5,p99=50", "accepted is the like of lognormal("},
        {"n=lognormal(p50=5)", "p99 is missing"},
        {"n=lognormal(p50=5,p90=50)", "no parameter 'p90'"},
        {"n=lognormal(p50=5,p99=50,p50=6)", "'p50' is given twice"},
        {"n=lognormal(p50=50,p99=50)", "p99 has to be above p50"},
        {"n=lognormal(p50=0,p99=50)", "p50 '0': accepted is a whole number from 1"},
        {"n=lognormal(p50=1,p99=9e15)", "larger than a size can be"},
        {"n=lognormal(p50=2ms,p99=20ms)", "p50 '2ms': accepted is a whole number"},
        {"n=logNormal(p50=5,p99=50)", "did you mean 'lognormal'?"},
        {"n=normal(mean=5)", "exponential(mean=2ms)"},
        {"n=exponential(mean=-5)", "mean '-5'"},
        {"n=exponential(5)", "bare value '5'"},
        {"n=bimodal(small=5,large=50)", "share is missing"},
        {"n=bimodal(small=50,large=5,share=5%)", "large has to be above small"},
        {"n=bimodal(small=5,large=50,share=0%)", "share '0%'"},
        {"n=bimodal(small=5,large=50,share=0.5)", "share '0.5'"},
        {"n=exponential(mean=5),step=1", "sizes are drawn and have a step"},
        {"n=exponential(mean=5),duration=1ms", "n and duration are both given"},
        {"duration=exponential(mean=5)", "mean '5': accepted is a time"},
        {"duration=lognormal(p50=1us,p99=50ms)", "would last longer than an hour"},
        {"wait=exponential(mean=5ms)", "wait 'exponential(mean=5ms)'"},
        {"reply=12", "reply '12': accepted is a size"},
        {"reply=0B", "reply '0B'"},
        {"reply=2GiB", "accepted is at most 1GiB"},
    };
    for (const auto& [text, says] : mistakes) {
        try {
            resolved(std::string("sqrt_log:") + text);
            ADD_FAILURE() << text << " was accepted";
        } catch (const usage_error& error) {
            EXPECT_NE(std::string(error.what()).find(says), std::string::npos)
                << text << ": " << error.what();
        }
    }
}

TEST(drawn_sizes, are_held_to_what_a_workload_can_have) {
    EXPECT_THROW(resolved("sqrt_values:n=exponential(mean=1e9)"), usage_error);
    EXPECT_THROW(resolved("sqrt_log_simd:lanes=exponential(mean=5)"), usage_error);
}

TEST(replies, are_recognised_and_every_changed_byte_in_them_is_seen) {
    for (const std::uint32_t bytes : {1U, 7U, 8U, 13U, 4096U}) {
        task t = resolved("noop").make(3, 4);
        t.reply_bytes = bytes;
        std::vector<std::byte> room(bytes);
        EXPECT_FALSE(is_reply_of(t, room)) << "nothing was written";
        write_reply(t, room);
        EXPECT_TRUE(is_reply_of(t, room));
        for (std::byte& each : room) {
            each ^= std::byte{0x10};
            EXPECT_FALSE(is_reply_of(t, room)) << bytes;
            each ^= std::byte{0x10};
        }
        task other = t;
        other.id = 5;
        EXPECT_EQ(is_reply_of(other, room), false) << "another task's";
        room.pop_back();
        EXPECT_FALSE(is_reply_of(t, room)) << "too short";
    }
}

}  // namespace
}  // namespace stratbench
