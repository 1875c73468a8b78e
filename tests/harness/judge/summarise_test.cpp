#include "harness/judge/summarise.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "harness/judge/sanity.hpp"
#include "harness/model/labels.hpp"
#include "harness/stats/median.hpp"
#include "tests/harness/judge/ranking_fixture.hpp"

namespace stratbench {
namespace {

using fixture::trial;
using fixture::with_latency;

cell_summary summary_of(const std::vector<trial_record>& trials, const cell& what = {}) {
    return summarise(what, trials);
}

std::vector<trial_record> latency_trials(int trials, std::uint64_t tasks, double ns = 5000) {
    std::vector<trial_record> all;
    for (int i = 0; i < trials; ++i) {
        all.push_back(with_latency(trial(i, 100), tasks, ns));
    }
    return all;
}

TEST(median_with_interval, equals_students_t_on_the_logarithms_worked_out_by_hand) {
    // Logarithms 1, 2, 3, 4, 5: mean 3, standard error sqrt(2.5 / 5); t(0.975, 4) = 2.7764451.
    std::vector<double> values;
    for (const double log : {3.0, 1.0, 5.0, 2.0, 4.0}) {
        values.push_back(std::exp(log));
    }
    const estimate result = median_with_interval(values);
    const double half = 2.7764451051977987 * std::sqrt(0.5);
    EXPECT_DOUBLE_EQ(result.value, std::exp(3));
    ASSERT_TRUE(result.ci95);
    EXPECT_NEAR(std::log(result.ci95->lo), 3 - half, 1e-9);
    EXPECT_NEAR(std::log(result.ci95->hi), 3 + half, 1e-9);
}

TEST(median_with_interval, uses_the_values_themselves_where_one_is_not_above_zero) {
    // Mean 1, standard error sqrt(1 / 3); t(0.975, 2) = 4.3026527.
    const estimate result = median_with_interval(std::vector<double>{0, 1, 2});
    ASSERT_TRUE(result.ci95);
    EXPECT_DOUBLE_EQ(result.value, 1);
    EXPECT_NEAR(result.ci95->hi, 1 + 4.302652729911275 / std::sqrt(3), 1e-9);
    EXPECT_NEAR(result.ci95->lo, 1 - 4.302652729911275 / std::sqrt(3), 1e-9);
}

TEST(median_with_interval, has_no_interval_for_one_value) {
    const estimate result = median_with_interval(std::vector<double>{7});
    EXPECT_EQ(result.value, 7);
    EXPECT_FALSE(result.ci95);
}

TEST(median_with_interval, interpolates_order_statistics_from_six_values_on) {
    // Of ten values the 2nd and 9th hold the median with 501/512, the 3rd and 8th with 456/512:
    // excess = 0.324, so the ends lie 8 x 0.324 / (2 + 6 x 0.324) = 0.657 of the way inwards.
    std::vector<double> values;
    for (int i = 10; i >= 1; --i) {
        values.push_back(i);
    }
    const estimate result = median_with_interval(values);
    const double excess = (501.0 / 512 - 0.95) / (45.0 / 512);
    const double inwards = 8 * excess / (2 + 6 * excess);
    EXPECT_EQ(result.value, 5.5);
    ASSERT_TRUE(result.ci95);
    EXPECT_NEAR(result.ci95->lo, 2 + inwards, 1e-9);
    EXPECT_NEAR(result.ci95->hi, 9 - inwards, 1e-9);
}

TEST(median_with_interval, does_not_care_how_stray_a_stray_trial_is) {
    std::vector<double> values = {10, 11, 12, 13, 14, 15, 16, 17, 18, 19};
    const estimate calm = median_with_interval(values);
    values.back() = 1e12;
    EXPECT_EQ(median_with_interval(values).ci95->hi, calm.ci95->hi);
    EXPECT_EQ(median_with_interval(values).ci95->lo, calm.ci95->lo);
}

TEST(median_with_interval, always_holds_the_median) {
    std::vector<double> values(5, 1.0);
    values[0] = 1e9;
    const estimate result = median_with_interval(values);
    ASSERT_TRUE(result.ci95);
    EXPECT_EQ(result.value, 1);
    EXPECT_LE(result.ci95->lo, 1);
}

TEST(median_with_interval, has_no_infinite_end) {
    const estimate result = median_with_interval(std::vector<double>{1e-300, 1e300});
    EXPECT_FALSE(result.ci95);
}

TEST(summarise, counts_only_trials_that_are_ok) {
    auto bad = trial(1, 1e9);
    bad.state = status::failed;
    const auto summary = summary_of({trial(0, 100), bad, trial(2, 300)});
    EXPECT_EQ(summary.trials, 2);
    EXPECT_EQ(summary.throughput_per_s->value, 200);
    EXPECT_EQ(summary.throughput_per_busy_core->value, 100);
    EXPECT_EQ(summary.outcomes.ok, 2000U);
}

TEST(summarise, says_so_when_no_trial_succeeded) {
    const auto summary = summary_of({});
    EXPECT_EQ(summary.trials, 0);
    EXPECT_FALSE(summary.throughput_per_s);
    EXPECT_EQ(summary.latency_absent, "no trial succeeded");
}

TEST(summarise, gives_a_makespan_to_batches_only) {
    cell open;
    open.load.kind = load_plan::shape::poisson;
    EXPECT_EQ(summary_of({trial(0, 1)}).makespan_ns->value, 1e9);
    EXPECT_FALSE(summary_of({trial(0, 1)}, open).makespan_ns);
}

TEST(summarise, passes_on_why_there_is_no_latency) {
    EXPECT_EQ(summary_of({trial(0, 1)}).latency_absent, "all tasks of a batch are due at 0");
}

TEST(summarise, refuses_p99_below_2000_tasks) {
    const auto few = summary_of(latency_trials(5, 399));
    EXPECT_EQ(few.latency_ns->p99.refused, "n too small: 1995 tasks, p99 needs 2000");
    EXPECT_FALSE(few.latency_ns->p99.value);
    EXPECT_TRUE(few.latency_ns->p50.value);
    EXPECT_TRUE(few.latency_ns->p90.value);
    const auto enough = summary_of(latency_trials(5, 400));
    EXPECT_EQ(enough.latency_ns->p99.value, 5000);
    EXPECT_EQ(enough.latency_ns->p99.refused, "");
}

TEST(summarise, refuses_p999_below_20000_tasks) {
    EXPECT_EQ(summary_of(latency_trials(5, 3999)).latency_ns->p999.refused,
              "n too small: 19995 tasks, p99.9 needs 20000");
    EXPECT_EQ(summary_of(latency_trials(5, 4000)).latency_ns->p999.value, 5000);
}

TEST(summarise, refuses_the_tail_over_fewer_than_5_trials) {
    const auto summary = summary_of(latency_trials(4, 100'000));
    EXPECT_EQ(summary.latency_ns->p99.refused, "n too small: 4 trials, p99 needs 5");
    EXPECT_EQ(summary.latency_ns->p999.refused, "n too small: 4 trials, p99.9 needs 5");
}

TEST(summarise, takes_the_median_of_the_trials_percentiles_and_merges_their_histograms) {
    const auto summary =
        summary_of({with_latency(trial(0, 1), 10, 100), with_latency(trial(1, 1), 10, 300),
                    with_latency(trial(2, 1), 30, 200)});
    EXPECT_EQ(summary.latency_ns->p50.value, 200);
    EXPECT_EQ(summary.latency_ns->count, 50U);
    EXPECT_EQ(summary.latency_ns->max, 300);
    const auto merged = histogram::decode(summary.latency_ns->histogram_v2);
    EXPECT_EQ(merged.count(), 50U);
    EXPECT_EQ(merged.value_at_percentile(50), 200);
}

TEST(summarise, a_percentile_is_a_bound_when_half_of_the_trials_values_are) {
    auto trials = latency_trials(4, 100);
    trials[0].latency->censored_from = 5000;
    auto summary = summary_of(trials);
    EXPECT_FALSE(summary.latency_ns->p90.censored);
    EXPECT_FALSE(summary.latency_ns->p90.ci95) << "how far up a bound reaches is unknown";
    trials[1].latency->censored_from = 4000;
    summary = summary_of(trials);
    EXPECT_TRUE(summary.latency_ns->p90.censored);
    EXPECT_EQ(summary.latency_ns->p90.value, 5000);
    trials[1].latency->censored_from = 5001;
    EXPECT_FALSE(summary_of(trials).latency_ns->p90.censored);
}

TEST(summarise, adds_averages_or_keeps_the_worst_as_each_figure_asks) {
    auto a = trial(0, 1), b = trial(1, 1);
    a.phases = phase_means{1, 2, 3, 4};
    b.phases = phase_means{3, 4, 5, 6};
    a.cpu.user_s = 1;
    b.cpu.user_s = 2;
    a.front_end.longest_stall_ns = 70;
    b.front_end.blocked_fraction = 0.5;
    a.peak_memory_bytes = 9;
    b.heartbeats = {{1, 5}, {2, 8}, {3, 1}};
    a.front_end.pacing_p90_ns = 10;
    b.front_end.pacing_p90_ns = 20;
    const auto summary = summary_of({a, b});
    EXPECT_EQ(summary.phases_ns, (phase_means{2, 3, 4, 5}));
    EXPECT_EQ(summary.user_s, 1.5);
    EXPECT_EQ(summary.longest_stall_ns, 70);
    EXPECT_EQ(summary.blocked_fraction, 0.25);
    EXPECT_EQ(summary.peak_memory_bytes, 9U);
    EXPECT_EQ(summary.longest_loop_lag_ns, 8);
    EXPECT_EQ(summary.pacing_p90_ns, 15);
    EXPECT_FALSE(summary.pacing_p99_ns);
    EXPECT_FALSE(summary.efficiency);
    a.front_end.loop_lag = lag_figures{9, 1, 2, 30};
    EXPECT_EQ(summary_of({a, b}).longest_loop_lag_ns, 30);
}

TEST(summarise, a_maximum_is_a_bound_where_the_trial_that_has_it_says_so) {
    auto trials = latency_trials(2, 100);
    EXPECT_FALSE(summary_of(trials).latency_ns->max_censored);
    trials[0].latency->max = 9000;
    trials[1].latency->censored_from = 4000;
    EXPECT_FALSE(summary_of(trials).latency_ns->max_censored) << "the greater one was measured";
    trials[0].latency->censored_from = 8000;
    EXPECT_TRUE(summary_of(trials).latency_ns->max_censored);
}

trial_record with_services(trial_record record, const std::vector<double>& services) {
    for (const double ns : services) {
        slice_record& slice = record.slices.emplace_back();
        slice.round = static_cast<int>(record.slices.size());
        slice.service_ns = ns;
    }
    return record;
}

TEST(summarise, tells_how_unsteady_the_cpus_were_from_ten_slices_on) {
    const std::vector<double> even(9, 100.0);
    EXPECT_FALSE(
        fixture::cell_of("a", {with_services(fixture::trial(0, 1), even)}).summary.speed_spread);
    // One slice in five took half as long again.
    std::vector<double> uneven(20, 100.0);
    for (std::size_t i = 0; i < uneven.size(); i += 5) {
        uneven[i] = 150;
    }
    const cell_result cell = fixture::cell_of("a", {with_services(fixture::trial(0, 1), uneven),
                                                    with_services(fixture::trial(1, 1), even)});
    ASSERT_TRUE(cell.summary.speed_spread);
    EXPECT_NEAR(*cell.summary.speed_spread, 0.5, 1e-12);
    EXPECT_TRUE(hides_steal(cell));
}

TEST(summarise, unequal_work_says_nothing_of_the_cpus) {
    std::vector<double> uneven(20, 100.0);
    uneven[0] = uneven[1] = uneven[2] = 150;
    cell_result cell = fixture::cell_of("a", {with_services(fixture::trial(0, 1), uneven)});
    const auto spread = [&](const std::string& workload, int workers) {
        cell.planned.workload = workload;
        cell.planned.workers = workers;
        return summarise(cell.planned, cell.trials).speed_spread;
    };
    const int cpus = cell.planned.cpus;
    EXPECT_TRUE(spread("sqrt_log:n=100", cpus));
    EXPECT_TRUE(spread("command:./work (1)", cpus));
    EXPECT_FALSE(spread("sqrt_log:n=exponential(mean=100)", cpus));
    EXPECT_FALSE(spread("sqrt_log:n=100,step=5", cpus));
    EXPECT_FALSE(spread("sqrt_log:n=100", cpus + 1)) << "they wait for a CPU";
}

TEST(summarise, steal_that_is_reported_is_not_hidden) {
    std::vector<double> uneven(20, 100.0);
    for (std::size_t i = 0; i < uneven.size(); i += 5) {
        uneven[i] = 150;
    }
    trial_record stolen = with_services(fixture::trial(0, 1), uneven);
    stolen.labels.emplace_back(label::steal);
    EXPECT_FALSE(hides_steal(fixture::cell_of("a", {stolen})));
}

TEST(summary, has_no_cores_where_they_were_withheld_and_no_efficiency_that_is_noise) {
    const auto efficiency_of = [](const std::vector<double>& values) {
        std::vector<trial_record> trials;
        for (const double value : values) {
            trials.push_back(trial(static_cast<int>(trials.size()), 100));
            trials.back().cpu.efficiency = value;
            trials.back().cpu.mean_busy_cores = 0;
        }
        const cell_summary summary = summary_of(trials);
        EXPECT_FALSE(summary.mean_busy_cores);
        EXPECT_FALSE(summary.throughput_per_busy_core);
        return summary.efficiency ? summary.efficiency->value : -1;
    };
    EXPECT_DOUBLE_EQ(efficiency_of({0.98, 1.02, 1.03}), 1) << "within the noise";
    EXPECT_DOUBLE_EQ(efficiency_of({0.7, 1.53, 1.6}), -1) << "nobody knows";
    EXPECT_DOUBLE_EQ(efficiency_of({1.53}), -1);
    EXPECT_DOUBLE_EQ(efficiency_of({1.5, 1.5, 1.51}), 1.5) << "a claim, for sanity to judge";
}

}  // namespace
}  // namespace stratbench
