#include "harness/plan/load_spec.hpp"

#include <gtest/gtest.h>

#include <string>

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

TEST(load_spec, defaults_are_those_that_are_listed) {
    for (const load_info& info : loads()) {
        for (const parameter& p : info.parameters) {
            const std::string written =
                std::string(info.name) + ":" + std::string(p.name) + "=" + std::string(p.fallback);
            const load_plan with = resolved(written), without = resolved(std::string(info.name));
            EXPECT_EQ(with.tasks, without.tasks) << written;
            EXPECT_EQ(with.every_ns, without.every_ns) << written;
            EXPECT_EQ(with.queue, without.queue) << written;
        }
    }
}

TEST(load_spec, what_is_wrong_is_said_with_what_is_accepted) {
    EXPECT_NE(refusal("possion:5/s").find("did you mean 'poisson'?"), std::string::npos);
    for (const char* text : {"poisson:-5/s", "poisson:0/s", "poisson:nan/s", "poisson:inf/s",
                             "poisson:5", "constant:0%sync", "poisson:1e300/s"}) {
        EXPECT_NE(refusal(text).find("accepted are R/s"), std::string::npos) << text;
    }
    EXPECT_NE(refusal("poisson:80%own").find("not yet available"), std::string::npos);
    for (const char* text : {"closed:4", "burst", "trace:x"}) {
        EXPECT_NE(refusal(text).find("not yet available"), std::string::npos) << text;
    }
    for (const char* text : {"batch:0", "batch:-1", "batch:x", "batch:n=5", "poisson", "trickle:5",
                             "producer:jobs=0", "producer:every=0s", "producer:queue=0", ""}) {
        EXPECT_NE(refusal(text), "") << text;
    }
}

}  // namespace
}  // namespace stratbench
