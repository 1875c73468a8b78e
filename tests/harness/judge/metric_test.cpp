#include "harness/model/metric.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string_view>

#include "harness/model/measurement.hpp"
#include "tests/harness/judge/ranking_fixture.hpp"

namespace stratbench {
namespace {

using fixture::trial;
using fixture::with_latency;

TEST(metric, names_and_titles_are_unique) {
    std::set<std::string_view> names, titles;
    for (const metric_info& info : metrics) {
        EXPECT_TRUE(names.insert(info.name).second) << info.name;
        EXPECT_TRUE(titles.insert(info.title).second) << info.title;
    }
}

TEST(metric, each_figure_is_read_from_its_own_place) {
    trial_record record = with_latency(trial(0, 500), 10, 1);
    record.latency->p50 = 50;
    record.latency->p90 = 90;
    record.latency->p99 = 99;
    record.latency->p999 = 999;
    record.cpu.user_s = 3;
    record.cpu.system_s = 1;
    record.outcomes.ok = 2000;
    record.peak_memory_bytes = 4096;
    record.startup_ns = 77;
    const auto figure = [&](metric id) { return about(id).figure(record).value_or(-1); };
    EXPECT_EQ(figure(metric::throughput), 500);
    EXPECT_EQ(figure(metric::p50), 50);
    EXPECT_EQ(figure(metric::p90), 90);
    EXPECT_EQ(figure(metric::p99), 99);
    EXPECT_EQ(figure(metric::p999), 999);
    EXPECT_EQ(figure(metric::cpu), 2e6) << "4 s over 2,000 tasks";
    EXPECT_EQ(figure(metric::memory), 4096);
    EXPECT_EQ(figure(metric::startup), 77);
    EXPECT_EQ(figure(metric::real_time), -1) << "only files of Google Benchmark have it";
    EXPECT_EQ(figure(metric::cpu_time), -1);
}

TEST(metric, a_trial_without_tasks_has_no_cpu_per_task) {
    trial_record record = trial(0, 500);
    record.outcomes.ok = 0;
    EXPECT_FALSE(about(metric::cpu).figure(record));
}

TEST(metric, a_percentile_from_the_smallest_bound_on_is_a_bound) {
    trial_record record = with_latency(trial(0, 500), 10, 100);
    record.latency->p99 = 400;
    record.latency->censored_from = 400;
    EXPECT_FALSE(about(metric::p50).is_bound(record));
    EXPECT_TRUE(about(metric::p99).is_bound(record));
    EXPECT_FALSE(about(metric::throughput).is_bound(record));
}

TEST(metric, latencies_apply_to_open_loads_alone) {
    load_plan batch, poisson;
    poisson.kind = load_plan::shape::poisson;
    EXPECT_TRUE(about(metric::p50).applies_to(poisson));
    EXPECT_FALSE(about(metric::p50).applies_to(batch));
    EXPECT_TRUE(about(metric::cpu).applies_to(batch));
    EXPECT_FALSE(about(metric::real_time).applies_to(poisson));
}

TEST(metric, a_slice_keeps_each_figure_that_it_may_have_apart) {
    measured_trial::slice slice(3);
    double value = 1;
    for (const metric_info& info : metrics) {
        if (info.of_slice != nullptr) {
            slice.set_figure(info.id, value++);
        }
    }
    value = 1;
    for (const metric_info& info : metrics) {
        if (info.of_slice != nullptr) {
            EXPECT_EQ(slice.figure(info.id), value++) << info.name;
        } else {
            EXPECT_NE(slice.figure(info.id), slice.figure(info.id)) << info.name;
        }
    }
}

TEST(metric, the_text_of_a_load_says_whether_the_rate_is_its_own) {
    load_plan load;
    load.kind = load_plan::shape::burst;
    load.text = "burst:80%own,size=5";
    EXPECT_TRUE(has_rate_in(load, own_rate_unit));
    load.text = "burst:80%sync,size=5";
    EXPECT_FALSE(has_rate_in(load, own_rate_unit));
    load.kind = load_plan::shape::trace;
    load.text = "trace:80%own";
    EXPECT_FALSE(has_rate_in(load, own_rate_unit)) << "the name of a file";
}

}  // namespace
}  // namespace stratbench
