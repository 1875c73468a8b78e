// Sizes that differ from task to task, and what tasks give back besides their values.

#include "workloads/drawn_size.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include "tests/temporary_file.hpp"
#include "tests/workloads/resolved.hpp"
#include "workloads/reply_bytes.hpp"
#include "workloads/task_template.hpp"

namespace stratbench {
namespace {

using test::error_of;
using test::resolved;

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

/// The sizes of the first five tasks.
std::vector<std::int64_t> first_sizes(const task_template& t) {
    std::vector<std::int64_t> sizes;
    for (std::uint64_t id = 0; id < 5; ++id) {
        sizes.push_back(t.make(id, 7).args[0]);
    }
    return sizes;
}

TEST(listed_sizes, are_the_second_column_of_a_trace_line_by_line_and_again_from_its_beginning) {
    const test::temporary_file file("time,size,who\n0, 40 ,x\n# noon\n0.5,10\n0.5,400\n");
    const task_template t = resolved("sqrt_values:n=trace(file=" + file.path() + ")");
    EXPECT_EQ(first_sizes(t), (std::vector<std::int64_t>{40, 10, 400, 40, 10}));
    EXPECT_EQ(t.make(2, 7).payload_bytes, 4U * 400);
    EXPECT_EQ(t.longest_payload(1), 4U * 400);
    EXPECT_EQ(t.first.args[0], 150) << "the mean";
    EXPECT_EQ(t.alike().make(2, 7).args[0], 150);
    EXPECT_EQ(first_sizes(resolved(t.text())), first_sizes(t)) << t.text();
}

TEST(listed_sizes, are_those_of_the_file_that_a_plan_was_made_with) {
    test::temporary_file file("0,40\n0,10\n0,90\n");
    const std::string text = resolved("sqrt_log:n=trace(file=" + file.path() + ")").text();
    EXPECT_EQ(resolved(text).text(), text);
    std::ofstream(file.path(), std::ios::app) << "0,70\n";
    EXPECT_NE(error_of(text).find("has changed since the plan was made"), std::string::npos)
        << error_of(text);
}

TEST(listed_sizes, of_durations_keep_their_ratios_and_are_frozen) {
    const test::temporary_file file("start,duration_s\n0,0.001\n0,0.003\n0,0.002\n");
    const task_template t = resolved("sqrt_log:duration=trace(file=" + file.path() + ")");
    EXPECT_NE(t.text().find(",per_second="), std::string::npos) << t.text();
    const task_template frozen = resolved(t.text());
    EXPECT_EQ(frozen.text(), t.text());
    EXPECT_EQ(first_sizes(frozen), first_sizes(t));
    const std::vector<std::int64_t> sizes = first_sizes(t);
    const auto one = static_cast<double>(sizes[0]);
    EXPECT_NEAR(static_cast<double>(sizes[1]) / one, 3, 0.01);
    EXPECT_NEAR(static_cast<double>(sizes[2]) / one, 2, 0.01);
    // A wide bound, as where durations are fixed: it catches a wrong unit.
    EXPECT_GT(serial_cost_ns(t), 2e6 / 5);
    EXPECT_LT(serial_cost_ns(t), 2e6 * 5);
}

TEST(listed_sizes, that_make_no_sense_are_refused_with_their_line) {
    struct mistake {
        const char* content;
        const char* parameter;
        const char* says;
    };
    constexpr mistake mistakes[] = {
        {"0,5\n1\n", "n", "line 2: has no second column"},
        {"0,5\n1,0\n", "n", "line 2: '0' is no size; accepted are whole numbers from 1"},
        {"0,5\n1,2.5\n", "n", "line 2: '2.5' is no size"},
        {"0,5\n1,-3\n", "n", "'-3' is no size"},
        {"0,5\n1,1e17\n", "n", "'1e17' is no size"},
        {"0,5\n1,many\n", "n", "'many' is no size"},
        {"0;5\n", "n", "line 1: has a semicolon"},
        {"time,size\n", "n", "has no task in it"},
        {"", "n", "this is an empty file"},
        {"time,size\n0,0,5\n", "n", "line 2: has 3 columns below 2 names"},
        {"0,0.5\n1,0\n", "duration", "line 2: '0' is no duration; accepted are seconds"},
        {"0,3601\n", "duration", "'3601' is no duration"},
        {"0,nan\n", "duration", "'nan' is no duration"},
        {"0,20ms\n", "duration", "'20ms' is no duration"},
        {"time,duration_ms\n0,5\n", "duration",
         "line 1: the second column is 'duration_ms'; accepted are seconds"},
    };
    for (const auto& [content, parameter, says] : mistakes) {
        const test::temporary_file file(content);
        const std::string error =
            error_of(std::string("sqrt_log:") + parameter + "=trace(file=" + file.path() + ")");
        EXPECT_TRUE(error.starts_with(std::string(parameter) + " '" + file.path() + "': "))
            << error;
        EXPECT_NE(error.find(says), std::string::npos) << content << ": " << error;
    }
    EXPECT_THROW(resolved("sqrt_log:n=trace(file=/nowhere.csv)"), usage_error);
    EXPECT_THROW(resolved("sqrt_log:n=trace(file=/dev/zero)"), usage_error);
    EXPECT_THROW(resolved("sqrt_log:n=trace"), usage_error);
    EXPECT_THROW(resolved("sqrt_log:n=trace()"), usage_error);
    EXPECT_THROW(resolved("sqrt_log:n=trace(hash=0)"), usage_error);
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
        const std::string error = error_of(std::string("sqrt_log:") + text);
        EXPECT_NE(error.find(says), std::string::npos) << text << ": " << error;
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
