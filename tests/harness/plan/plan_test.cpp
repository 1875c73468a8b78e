#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "harness/measure/usable_cpus.hpp"
#include "harness/plan/build_plan.hpp"
#include "harness/plan/request.hpp"
#include "harness/plan/slices.hpp"
#include "strategies/contract/strategy_info.hpp"
#include "strategies/registry.hpp"

namespace stratbench {
namespace {

/// A machine on which a term of every workload takes 3 ns.
double three_ns_a_term(const task_template& t) {
    return 3.0 * static_cast<double>(t.first.args[0]);
}

study_plan plan_of(const run_request& asked) {
    return build_plan(asked, three_ns_a_term);
}

run_request one_combination() {
    run_request asked;
    asked.combinations = {{{"sync"}, {"sum_range:n=5000"}, {"batch:4"}, {2}, ""}};
    return asked;
}

std::string refusal(const run_request& asked) {
    try {
        plan_of(asked);
    } catch (const usage_error& error) {
        return error.what();
    }
    return "";
}

TEST(plan, the_default_study_has_all_strategies_but_antipatterns_and_other_programs) {
    std::set<std::string> named, expected;
    for (const cell& c : plan_of({}).cells) {
        named.insert(c.strategy);
    }
    for (const strategy_info* s : strategies()) {
        if (s->in_default_study()) {
            expected.emplace(s->name);
        }
    }
    EXPECT_EQ(named, expected);
    EXPECT_EQ(named.size(), 6U);
}

TEST(plan, the_default_study_is_two_sizes_under_two_loads_and_a_reference_line_for_each_size) {
    const auto cells = plan_of({}).cells;
    EXPECT_EQ(cells.size(), 26U);
    EXPECT_EQ(std::count_if(cells.begin(), cells.end(), [](const auto& c) { return c.reference; }),
              2);
}

TEST(plan, a_reference_line_belongs_to_the_group_beside_which_it_is_shown) {
    const auto cells = plan_of({}).cells;
    for (const cell& c : cells) {
        if (!c.reference) {
            continue;
        }
        const auto rivals = std::count_if(cells.begin(), cells.end(), [&](const cell& other) {
            return !other.reference && other.group() == c.group() &&
                   other.load.tasks == c.load.tasks;
        });
        EXPECT_EQ(rivals, 6) << c.name();
    }
}

TEST(plan, antipatterns_run_when_named) {
    run_request asked = one_combination();
    asked.combinations[0].strategies = {"pool_per_task", "async_inline"};
    EXPECT_EQ(plan_of(asked).cells.size(), 2U);
}

TEST(plan, what_is_relative_is_frozen_as_a_number) {
    run_request asked = one_combination();
    asked.combinations[0].workloads = {"sum_range:n=100000"};  // 300 us
    asked.combinations[0].loads = {"batch", "poisson:80%sync"};
    asked.trial_length_ns = 60'000'000;
    const auto cells = plan_of(asked).cells;
    ASSERT_EQ(cells.size(), 2U);
    EXPECT_EQ(cells[0].load.tasks, 200U);
    EXPECT_NEAR(cells[1].load.rate_per_s, 0.8e9 / 300'000, 1e-6);
    EXPECT_EQ(cells[1].window_ns, 60'000'000);
    EXPECT_DOUBLE_EQ(cells[0].serial_ns, 300'000);
}

TEST(plan, says_whether_a_rate_is_a_part_of_what_sync_can_do) {
    EXPECT_TRUE(depends_on_speed_of_sync({})) << "the default study's";
    run_request asked = one_combination();
    for (const auto& [load, depends] : {std::pair{"batch", false},
                                        {"poisson:500/s", false},
                                        {"poisson:80%own", false},
                                        {"closed:4", false},
                                        {"burst:70%sync", true}}) {
        asked.combinations[0].loads = {"batch", load};
        EXPECT_EQ(depends_on_speed_of_sync(asked), depends) << load;
    }
}

TEST(plan, fresh_processes_warm_up_for_as_long_as_they_are_asked_to) {
    run_request asked = one_combination();
    EXPECT_EQ(plan_of(asked).warm_up_ns, 20'000'000);
    asked.warm_up_ns = 3'000'000'000;
    EXPECT_EQ(plan_of(asked).warm_up_ns, 3'000'000'000);
}

TEST(plan, the_wait_of_a_task_counts_for_what_sync_can_do) {
    run_request asked = one_combination();
    asked.combinations[0].workloads = {"sum_range:n=100000,wait=700us"};
    asked.combinations[0].loads = {"poisson:100%sync"};
    EXPECT_NEAR(plan_of(asked).cells[0].load.rate_per_s, 1000, 1e-6);
}

TEST(plan, each_distinct_workload_is_timed_once) {
    run_request asked = one_combination();
    asked.combinations[0].strategies = {"sync", "pool_map"};
    asked.combinations[0].workloads = {"sum_range:n=5000", "sum_range:n=6000"};
    asked.combinations[0].loads = {"batch", "poisson:80%sync"};
    int timed = 0;
    build_plan(asked, [&](const task_template& t) { return ++timed, three_ns_a_term(t); });
    EXPECT_EQ(timed, 2);
}

TEST(plan, a_mistake_is_found_before_anything_is_timed) {
    run_request asked = one_combination();
    asked.combinations[0].workloads = {"sum_range:n=5000", "sum_range:n=0"};
    int timed = 0;
    const auto cost = [&](const task_template&) { return ++timed, 1.0; };
    EXPECT_THROW(build_plan(asked, cost), usage_error);
    EXPECT_EQ(timed, 0);
}

TEST(plan, a_strategy_on_the_callers_thread_exists_once_in_each_group_with_one_worker) {
    run_request asked = one_combination();
    asked.combinations[0].strategies = {"sync", "pool_map"};
    asked.combinations[0].workers = {1, 2, 4};
    const auto cells = plan_of(asked).cells;
    ASSERT_EQ(cells.size(), 6U);
    std::set<std::string> names;
    for (std::size_t i = 0; i < cells.size(); i += 2) {
        EXPECT_EQ(cells[i].strategy, "sync");
        EXPECT_EQ(cells[i].workers, 1);
        EXPECT_EQ(cells[i].group(), cells[i + 1].group());
        names.insert(cells[i].name());
    }
    EXPECT_EQ(names.size(), 3U) << "a name must say which of them it is";
}

TEST(plan, a_cell_that_is_asked_for_twice_is_measured_once) {
    run_request asked = one_combination();
    asked.combinations[0].strategies = {"sync", "sync"};
    EXPECT_EQ(plan_of(asked).cells.size(), 1U);
}

TEST(plan, names_escape_the_slash_of_a_rate) {
    run_request asked = one_combination();
    asked.combinations[0].strategies = {"pool_map"};
    asked.combinations[0].loads = {"poisson:500/s"};
    EXPECT_EQ(plan_of(asked).cells[0].name(),
              "pool_map/sum_range:n=5000/poisson:500%2Fs/workers:2/real_time");
}

TEST(plan, long_tasks_are_all_stamped_and_short_ones_sampled_but_not_below_ten_thousand) {
    run_request asked = one_combination();
    asked.combinations[0].workloads = {"sum_range:n=1000", "sum_range:n=10"};
    asked.combinations[0].loads = {"batch:5000", "batch:1000000"};
    const auto cells = plan_of(asked).cells;
    EXPECT_EQ(cells[0].stamp_one_in, 1U) << "3 us";
    EXPECT_EQ(cells[1].stamp_one_in, 1U) << "3 us";
    EXPECT_EQ(cells[2].stamp_one_in, 1U) << "a small batch";
    EXPECT_EQ(cells[3].stamp_one_in, 64U);
    EXPECT_GE(1'000'000 / cells[3].stamp_one_in, 10'000U);
}

TEST(plan, filters_keep_matching_cells_and_a_leading_minus_the_others) {
    run_request asked;
    asked.filter = "sync/.*batch";
    for (const cell& c : plan_of(asked).cells) {
        EXPECT_EQ(c.load.text, "batch");
    }
    const std::size_t matching = plan_of(asked).cells.size();
    asked.filter = "-sync/.*batch";
    EXPECT_EQ(plan_of(asked).cells.size(), 26 - matching);
    for (std::size_t i = 0; const cell& c : plan_of(asked).cells) {
        EXPECT_EQ(c.index, static_cast<int>(i++));
    }
    asked.filter = "(";
    EXPECT_NE(refusal(asked), "");
    asked.filter = "nothing_has_this_name";
    EXPECT_NE(refusal(asked), "");
}

TEST(plan, quick_is_a_few_rounds_in_fewer_generations) {
    const study_plan normal = plan_of({});
    run_request asked;
    asked.quick = true;
    const study_plan quick = plan_of(asked);
    EXPECT_LT(quick.rounds, normal.rounds);
    EXPECT_LT(quick.generations, normal.generations);
    EXPECT_EQ(quick.budget_ns, 0);
    EXPECT_EQ(normal.budget_ns, 60'000'000'000);
}

TEST(plan, too_many_workers_or_cpus_name_the_limit) {
    run_request asked = one_combination();
    asked.combinations[0].workers = {1'000'000};
    EXPECT_NE(refusal(asked).find(std::to_string(most_workers().workers)), std::string::npos);
    asked = one_combination();
    asked.cpus = usable_cpus() + 1;
    EXPECT_NE(refusal(asked).find(std::to_string(usable_cpus())), std::string::npos);
}

run_request own_rates() {
    run_request asked = one_combination();
    asked.combinations[0].strategies = {"sync", "pool_map"};
    asked.combinations[0].loads = {"poisson:50%own", "burst:200%own", "batch:4"};
    return asked;
}

TEST(plan, a_rate_in_own_is_frozen_for_each_strategy_by_its_own_capacity_measured_once) {
    int measured = 0;
    const auto cells = build_plan(own_rates(), three_ns_a_term, [&](const cell& c) {
                           ++measured;
                           return capacity{.per_s = c.strategy == "sync" ? 1000.0 : 4000.0};
                       }).cells;
    ASSERT_EQ(cells.size(), 6U);
    EXPECT_EQ(measured, 2);
    for (const cell& c : cells) {
        const double own = c.strategy == "sync" ? 1000 : 4000;
        if (c.load.has_rate()) {
            const double part = c.load.kind == load_plan::shape::burst ? 2 : 0.5;
            EXPECT_DOUBLE_EQ(c.load.rate_per_s, part * own);
        }
        EXPECT_EQ(c.skip_reason, "");
    }
    EXPECT_EQ(cells[0].group(), cells[1].group()) << "shown side by side, without a verdict";
}

TEST(plan, a_strategy_whose_capacity_is_not_known_is_skipped_with_the_reason) {
    const auto cells = build_plan(own_rates(), three_ns_a_term, [](const cell& c) {
                           if (c.strategy == "sync") {
                               return capacity{.per_s = 1000};
                           }
                           return capacity{.reason = "it hung"};
                       }).cells;
    for (const cell& c : cells) {
        const bool unknown = c.strategy == "pool_map" && c.load.has_rate();
        EXPECT_EQ(c.skip_reason, unknown ? "what it can do was not measured: it hung" : "");
    }
}

TEST(plan, only_the_capacities_of_cells_that_the_filter_leaves_are_measured) {
    run_request asked = own_rates();
    asked.filter = "^sync/.*own";
    int measured = 0;
    build_plan(asked, three_ns_a_term, [&](const cell&) {
        ++measured;
        return capacity{.per_s = 1000};
    });
    EXPECT_EQ(measured, 1);
}

TEST(plan, a_batch_that_would_take_a_process_per_task_minutes_is_skipped) {
    run_request asked = one_combination();
    asked.combinations[0].strategies = {"process_per_task", "pool_map"};
    asked.combinations[0].workloads = {"noop"};
    asked.combinations[0].loads = {"batch:2e6", "batch:1000", "constant:1e6/s"};
    for (const cell& c : plan_of(asked).cells) {
        const bool senseless = c.strategy == "process_per_task" && c.load.tasks > 1000;
        EXPECT_EQ(c.skip_reason.find("making processes") != std::string::npos, senseless)
            << c.name();
    }
}

TEST(plan, a_closed_load_has_room_for_what_the_cpus_of_the_plan_can_do) {
    run_request asked = one_combination();
    asked.combinations[0].loads = {"closed:3"};
    asked.combinations[0].workloads = {"sum_range:n=100000"};  // 300 us
    asked.cpus = 1;
    asked.trial_length_ns = 60'000'000;
    const auto cells = plan_of(asked).cells;
    EXPECT_EQ(cells[0].lead_in_ns, 5'000'000);
    EXPECT_EQ(cells[0].load.tasks, 3U + 65 * 4 * 1000 / 300);
    EXPECT_EQ(cells[0].window_ns, 60'000'000);
    EXPECT_DOUBLE_EQ(expected_slice_ns(cells[0]), 125e6);
}

run_request contained() {
    run_request asked = one_combination();
    asked.combinations[0].strategies = {"sync", "pool_map"};
    asked.combinations[0].loads = {"batch:4", "constant:500/s"};
    asked.limits = {.task_timeout_ns = 50'000'000,
                    .retries = 2,
                    .max_tasks_per_worker = 100,
                    .worker_memory_bytes = 512U << 20};
    asked.cancel_pending = true;
    return asked;
}

TEST(plan, containment_is_part_of_every_cell_its_name_and_its_group) {
    const auto cells = plan_of(contained()).cells;
    ASSERT_EQ(cells.size(), 4U);
    for (const cell& c : cells) {
        EXPECT_EQ(c.limits, (containment{50'000'000, 2, 100, 512U << 20}));
        const std::string parts = "/timeout:50ms/retries:2/max_tasks:100/memory:512MiB";
        EXPECT_NE(c.name().find(parts), std::string::npos) << c.name();
        EXPECT_TRUE(c.name().ends_with("/real_time"));
        EXPECT_NE(c.group().find(parts), std::string::npos) << c.group();
    }
    EXPECT_EQ(cells[0].group(), cells[1].group());
    cell without = cells[0];
    without.limits = {};
    EXPECT_NE(without.group(), cells[0].group());
    EXPECT_EQ(without.name(), "sync/sum_range:n=5000/batch:4/workers:1/real_time");
}

TEST(plan, only_a_load_that_ends_with_its_window_has_something_to_cancel_then) {
    for (const cell& c : plan_of(contained()).cells) {
        EXPECT_EQ(c.cancel_pending, c.load.text == "constant:500/s") << c.name();
        EXPECT_EQ(c.name().find("/cancel_pending/") != std::string::npos, c.cancel_pending);
    }
}

TEST(plan, tasks_that_fill_memory_are_skipped_where_no_limit_of_a_worker_stops_them) {
    run_request asked = one_combination();
    asked.combinations[0].strategies = {"sync", "async_thread_pool", "pool_map"};
    asked.combinations[0].workloads = {"faults:kind=memory"};
    const auto skipped = [&](std::uint64_t memory) {
        asked.limits.worker_memory_bytes = memory;
        std::vector<bool> result;
        for (const cell& c : plan_of(asked).cells) {
            result.push_back(!c.skip_reason.empty());
        }
        return result;
    };
    EXPECT_EQ(skipped(0), (std::vector{true, true, true}));
    EXPECT_EQ(skipped(512U << 20), (std::vector{true, true, false}));
    EXPECT_EQ(skipped(std::uint64_t{1} << 30), (std::vector{true, true, true}))
        << "they would stop by themselves";
}

TEST(plan, an_open_load_is_led_in_for_three_relaxation_times_of_its_queue) {
    // M/M/1 with mu = 1000/s and rho = 1/4: 1 / (mu (1 - 1/2)^2) = 4 ms; and two tasks.
    cell c;
    c.load = {.kind = load_plan::shape::poisson, .text = "poisson:250/s", .rate_per_s = 250};
    c.window_ns = 100'000'000;
    EXPECT_EQ(lead_in_ns(c, {.sync_ns = 1e6}), 14'000'000);
    c.load.rate_per_s = 1000;
    EXPECT_EQ(lead_in_ns(c, {.sync_ns = 1e6}), c.window_ns) << "no longer than the window";
    c.load.kind = load_plan::shape::batch;
    EXPECT_EQ(lead_in_ns(c, {.sync_ns = 1e6}), 0);
}

}  // namespace
}  // namespace stratbench
