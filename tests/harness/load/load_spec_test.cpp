#include "harness/load/load_spec.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "harness/load/trace_file.hpp"
#include "tests/temporary_file.hpp"

namespace stratbench {
namespace {

constexpr load_basis basis = {.sync_ns = 1e6, .trial_length_ns = 200'000'000, .workers = 4};

load_plan resolved(const std::string& text, const load_basis& b = basis) {
    return resolve_load(parse_load(text), b);
}

std::string refusal(const std::string& text) {
    try {
        parse_load(text);
    } catch (const usage_error& error) {
        return error.what();
    }
    return "";
}

TEST(load_spec, a_batch_without_a_size_keeps_sync_busy_for_one_trial_length) {
    EXPECT_EQ(resolved("batch").tasks, 200U);
    EXPECT_EQ(resolved("batch").text, "batch");
}

TEST(load_spec, a_batch_has_at_least_two_tasks_for_each_worker) {
    EXPECT_EQ(resolved("batch", {1e9, 200'000'000, 4}).tasks, 8U);
}

TEST(load_spec, a_batch_with_a_size_keeps_it_and_is_named_by_it) {
    EXPECT_EQ(resolved("batch:1e6").tasks, 1'000'000U);
    EXPECT_EQ(resolved("batch:1e6").text, "batch:1000000");
}

TEST(load_spec, a_rate_in_parts_of_sync_becomes_a_number) {
    const load_plan plan = resolved("poisson:80%sync");
    EXPECT_DOUBLE_EQ(plan.rate_per_s, 800);
    EXPECT_EQ(plan.text, "poisson:80%sync");
    EXPECT_TRUE(plan.open());
}

TEST(load_spec, a_task_of_no_work_is_bounded_by_what_handing_it_over_costs) {
    const load_basis nothing = {.sync_ns = 1, .trial_length_ns = 120'000'000, .workers = 2};
    EXPECT_EQ(resolved("batch", nothing).tasks, 2'000'000U);
    EXPECT_LT(resolved("poisson:80%sync", nothing).rate_per_s, 20e6);
}

TEST(load_spec, more_tasks_than_can_be_recorded_are_refused) {
    const load_basis hour = {.sync_ns = 1e6, .trial_length_ns = 3'600'000'000'000, .workers = 2};
    EXPECT_NO_THROW(resolved("poisson:500/s", hour));
    EXPECT_THROW(resolved("poisson:1e6/s", hour), usage_error);
}

TEST(load_spec, a_rate_in_tasks_per_second_is_taken_as_it_is) {
    EXPECT_DOUBLE_EQ(resolved("constant:500/s").rate_per_s, 500);
    EXPECT_DOUBLE_EQ(resolved("poisson:0.5/s").rate_per_s, 0.5);
}

TEST(load_spec, a_producer_has_jobs_a_period_and_a_queue) {
    const load_plan plan = resolved("producer:jobs=3,every=2ms,queue=5");
    EXPECT_EQ(plan.tasks, 3U);
    EXPECT_EQ(plan.every_ns, 2'000'000);
    EXPECT_EQ(plan.queue, 5U);
    EXPECT_FALSE(plan.open());
}

TEST(load_spec, a_closed_load_keeps_so_many_outstanding_and_has_room_for_what_the_cpus_can_do) {
    const load_plan plan = resolved("closed:4", {.sync_ns = 1e6,
                                                 .trial_length_ns = 200'000'000,
                                                 .workers = 4,
                                                 .cpus = 2,
                                                 .serial_ns = 1e6});
    EXPECT_EQ(plan.outstanding, 4U);
    EXPECT_FALSE(plan.open());
    EXPECT_TRUE(plan.ends_with_window());
    // Two CPUs do 400 in that time, were the measured cost right.
    EXPECT_EQ(plan.tasks, 4U + 1600U);
}

TEST(load_spec, the_room_of_a_closed_load_is_bounded_however_small_the_task_and_long_the_window) {
    const load_basis nothing = {.sync_ns = 1, .trial_length_ns = 120'000'000, .workers = 2};
    EXPECT_EQ(resolved("closed:1", nothing).tasks, 1U + 4'000'000U);
    const load_basis hour = {.sync_ns = 1, .trial_length_ns = 3'600'000'000'000, .workers = 2};
    EXPECT_EQ(resolved("closed:1", hour).tasks, most_recorded_tasks);
}

TEST(load_spec, a_burst_has_a_mean_rate_and_a_size) {
    const load_plan plan = resolved("burst:500/s,size=20");
    EXPECT_EQ(plan.kind, load_plan::shape::burst);
    EXPECT_DOUBLE_EQ(plan.rate_per_s, 500);
    EXPECT_EQ(plan.burst, 20U);
    EXPECT_TRUE(plan.open());
    EXPECT_EQ(resolved("burst:80%sync").burst, 10U);
    EXPECT_DOUBLE_EQ(resolved("burst:80%sync").rate_per_s, 800);
}

TEST(load_spec, a_rate_in_parts_of_the_strategys_own_capacity_waits_for_it_to_be_measured) {
    const load_request asked = parse_load("constant:50%own");
    EXPECT_DOUBLE_EQ(asked.of_own, 0.5);
    EXPECT_TRUE(asked.plan.own_rate);
    load_basis b = basis;
    EXPECT_EQ(resolve_load(asked, b).rate_per_s, 0);
    b.own_per_s = 3000;
    EXPECT_DOUBLE_EQ(resolve_load(asked, b).rate_per_s, 1500);
}

TEST(load_spec, a_trace_is_frozen_by_absolute_path_count_content_and_mean_rate) {
    const test::temporary_file file("seconds,who\n0.5,a\n1.0,b\n2.5,c\n");
    const load_request asked = parse_load("trace:" + file.path() + ",speed=2");
    const load_plan plan = resolve_load(asked, basis);
    EXPECT_EQ(plan.tasks, 3U);
    EXPECT_TRUE(plan.open());
    ASSERT_TRUE(plan.trace);
    EXPECT_EQ(plan.trace->file, file.path());
    EXPECT_DOUBLE_EQ(plan.trace->speed, 2);
    EXPECT_EQ(plan.trace->hash, read_trace(file.path(), 1).hash);
    // Until 1.25 s, and one mean gap of 0.5 s more.
    EXPECT_EQ(window_ns(asked, basis), 1'750'000'000);
    EXPECT_DOUBLE_EQ(plan.rate_per_s, 3 / 1.75);
}

TEST(load_spec, the_window_of_a_trace_that_is_due_at_once_is_one_trial_length) {
    const test::temporary_file file("0\n0\n");
    EXPECT_EQ(window_ns(parse_load("trace:" + file.path()), basis), basis.trial_length_ns);
}

TEST(load_spec, defaults_are_those_that_are_listed) {
    const test::temporary_file file("0\n1\n");
    const auto bare = [&](const load_info& info) -> std::string {
        if (info.bare_value.empty() || info.name == "batch") {
            return std::string(info.name);
        }
        const char* value = info.name == "closed" ? "4" : "500/s";
        return fmt::format("{}:{}", info.name, info.name == "trace" ? file.path() : value);
    };
    for (const load_info& info : loads()) {
        for (const parameter& p : info.parameters) {
            const std::string without_it = bare(info);
            const std::string written = fmt::format(
                "{}{}{}={}", without_it, without_it.find(':') == std::string::npos ? ':' : ',',
                p.name, p.fallback);
            load_plan with = resolved(written);
            EXPECT_EQ(with.text, written);
            with.text = without_it;
            EXPECT_EQ(with, resolved(without_it)) << written;
        }
    }
}

TEST(load_spec, what_is_wrong_is_said_with_what_is_accepted) {
    EXPECT_NE(refusal("possion:5/s").find("did you mean 'poisson'?"), std::string::npos);
    for (const char* text :
         {"poisson:-5/s", "poisson:0/s", "poisson:nan/s", "poisson:inf/s", "poisson:5",
          "constant:0%sync", "constant:0%own", "poisson:20000%own", "poisson:1e300/s", "burst:5"}) {
        EXPECT_NE(refusal(text).find("accepted are R/s"), std::string::npos) << text;
    }
    for (const char* text : {"batch:0",
                             "batch:-1",
                             "batch:x",
                             "batch:n=5",
                             "poisson",
                             "trickle:5",
                             "producer:jobs=0",
                             "producer:every=0s",
                             "producer:queue=0",
                             "",
                             "closed",
                             "closed:0",
                             "closed:-1",
                             "closed:x",
                             "closed:2e6",
                             "burst",
                             "burst:500/s,size=0",
                             "burst:500/s,sice=3",
                             "trace",
                             "trace:/no/such/file",
                             "trace:/",
                             "poisson:500/s,size=3"}) {
        EXPECT_NE(refusal(text), "") << text;
    }
    const test::temporary_file file("0\n1\n");
    for (const char* speed : {"0", "-1", "x", "nan", "inf", "1e9", ""}) {
        EXPECT_NE(refusal("trace:" + file.path() + ",speed=" + speed).find("is not a speed"),
                  std::string::npos)
            << speed;
    }
}

}  // namespace
}  // namespace stratbench
