// The arithmetic of the benchmark's tables: no measurement, no time.

#include "tests/bench/figures/measurement.hpp"

#include <gtest/gtest.h>

#include "tests/bench/figures/goals.hpp"
#include "tests/bench/figures/growth.hpp"

namespace stratbench {
namespace {

sample taking(double ns) {
    sample s;
    s.ns_per_task = ns;
    return s;
}

measured_subject taking(const std::map<int, double>& ns_by_round) {
    measured_subject m;
    for (const auto& [round, ns] : ns_by_round) {
        m.by_round[round] = taking(ns);
    }
    return m;
}

/// All subjects of all goals, so good that every goal is met by far.
measurements everything_met() {
    measurements all;
    for (const goal& g : goals()) {
        if (!g.versus.empty()) {
            all[std::string(g.versus)] = taking({{0, 1e6}});
        }
    }
    for (const goal& g : goals()) {
        sample good = taking(1);
        good.bytes_per_task = 1;
        all[std::string(g.subject)].by_round = {{0, good}};
    }
    return all;
}

TEST(spread, is_the_median_between_the_extremes) {
    EXPECT_EQ(spread_of({5, 1, 9}), (spread{5, 1, 9, 3}));
    EXPECT_EQ(spread_of({4, 2}), (spread{3, 2, 4, 2}));
    EXPECT_FALSE(spread_of(std::vector<double>{}));
}

TEST(ratio, is_taken_round_by_round_and_not_between_medians) {
    // The machine was ten times slower in the second round: that cancels.
    const measured_subject a = taking({{0, 10}, {1, 100}, {2, 11}});
    const measured_subject b = taking({{0, 20}, {1, 200}, {2, 22}});
    EXPECT_EQ(times_as_long(a, b), (spread{0.5, 0.5, 0.5, 3}));
    EXPECT_EQ(times_as_fast(a, b), (spread{2, 2, 2, 3}));
}

TEST(ratio, leaves_out_rounds_that_only_one_has) {
    const measured_subject a = taking({{0, 10}, {1, 10}});
    const measured_subject b = taking({{1, 30}, {2, 99}});
    EXPECT_EQ(times_as_fast(a, b), (spread{3, 3, 3, 1}));
    EXPECT_FALSE(times_as_fast(a, taking({{7, 1}})));
}

TEST(rate, is_tasks_per_second_of_each_round) {
    EXPECT_EQ(tasks_per_s(taking({{0, 1000}, {1, 500}})), (spread{1.5e6, 1e6, 2e6, 2}));
}

TEST(goals, are_all_met_where_everything_is_far_better_than_asked) {
    const measurements all = everything_met();
    for (const goal& g : goals()) {
        EXPECT_TRUE(judge(g, all).met) << g.subject << ' ' << bound_text(g);
    }
}

TEST(goals, are_met_at_the_bound_and_missed_just_beyond_it) {
    using enum goal::reading;
    const auto judged = [](goal::reading what, double value) {
        measurements all;
        sample own = taking(value);
        own.bytes_per_task = value;
        all["own"].by_round[0] = own;
        all["other"] = taking({{0, 100}});
        return judge({"own", what, what == rate ? 1e7 : 2, what == rate ? "" : "other"}, all).met;
    };
    EXPECT_TRUE(judged(rate, 100));
    EXPECT_FALSE(judged(rate, 101));
    EXPECT_TRUE(judged(faster, 50));
    EXPECT_FALSE(judged(faster, 51));
    EXPECT_TRUE(judged(longer, 200));
    EXPECT_FALSE(judged(longer, 201));
    EXPECT_TRUE(judged(latency, 2));
    EXPECT_FALSE(judged(latency, 2.1));
    EXPECT_TRUE(judged(time, 2));
    EXPECT_FALSE(judged(time, 2.1));
    EXPECT_TRUE(judged(memory, 1.9));
    EXPECT_FALSE(judged(memory, 2)) << "below, not at most";
}

TEST(goals, are_decided_by_the_median_of_the_rounds) {
    measurements all;
    all["own"] = taking({{0, 100}, {1, 100}, {2, 1e6}});
    EXPECT_TRUE(judge({"own", goal::reading::rate, 1e7, ""}, all).met);
    all["own"] = taking({{0, 100}, {1, 101}, {2, 102}});
    EXPECT_FALSE(judge({"own", goal::reading::rate, 1e7, ""}, all).met);
}

TEST(goals, of_what_was_not_measured_are_not_met_and_say_why) {
    measurements all = everything_met();
    all["python/pool_map"] = {{}, "no python3"};
    all.erase("peer/tbb_parallel_for");
    all["sync"] = taking({{0, 1}});
    const auto of = [&all](std::string_view versus) {
        for (const goal& g : goals()) {
            if (g.versus == versus) {
                return judge(g, all);
            }
        }
        return judgement{};
    };
    EXPECT_FALSE(of("python/pool_map").met);
    EXPECT_EQ(of("python/pool_map").absent, "python/pool_map: no python3");
    EXPECT_FALSE(of("peer/tbb_parallel_for").met);
    EXPECT_EQ(of("peer/tbb_parallel_for").absent, "peer/tbb_parallel_for: not run");
    EXPECT_EQ(
        judge({"pool_map", goal::reading::rate, 1, ""}, {{"pool_map", {{}, "crashed"}}}).absent,
        "pool_map: crashed");
}

TEST(goals, missed_read_as_missed_and_are_counted) {
    measurements all = everything_met();
    const std::size_t count = goals().size();
    EXPECT_EQ(goal_table(all).find("MISSED"), std::string::npos);
    EXPECT_NE(goal_table(all).find(std::to_string(count) + " of " + std::to_string(count) +
                                   " goals met, 0 missed, 0 not measured"),
              std::string::npos);
    all["pool_map, back to back"] = taking({{0, 3001}});
    all["pool_map, one when idle"] = {{}, "it hung"};
    const std::string table = goal_table(all);
    const std::size_t line = table.find("\npool_map, back to back ") + 1;
    EXPECT_TRUE(table.substr(line, table.find('\n', line) - line).ends_with(" MISSED")) << table;
    EXPECT_NE(table.find("not measured: pool_map, one when idle: it hung"), std::string::npos)
        << table;
    EXPECT_NE(table.find(" goals met, 1 missed, 1 not measured"), std::string::npos) << table;
}

TEST(growth, shows_each_step_beside_the_one_before_it) {
    measurements all;
    all["a, 10"] = taking({{0, 100}});
    all["a, 1000"] = taking({{0, 150}});
    all["b, 1000"] = {{}, "no memory"};
    const growth_curve curve{"time",
                             {"10", "100", "1000"},
                             {{"a", {"a, 10", "a, 100", "a, 1000"}}, {"b", {"", "", "b, 1000"}}}};
    EXPECT_EQ(growth_table(curve, all),
              "time      10  100    1000\n"
              "-------------------------\n"
              "a     100 ns    -  150 ns\n"
              "b          -    -       -\n"
              "b, 1000: not measured: no memory\n");
    all["a, 100"] = taking({{0, 100}});
    EXPECT_NE(growth_table(curve, all).find("100 ns x1.00  150 ns x1.50"), std::string::npos);
}

}  // namespace
}  // namespace stratbench
