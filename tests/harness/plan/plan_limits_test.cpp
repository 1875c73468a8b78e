// A plan that somebody has edited is held to the ranges that options are held to.

#include "harness/plan/plan_limits.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "harness/base/spec.hpp"
#include "harness/plan/build_plan.hpp"
#include "harness/plan/option_table.hpp"
#include "harness/plan/written_options.hpp"

namespace stratbench {
namespace {

study_plan good_plan() {
    const auto cost = [](const task_template&) { return 1e6; };
    return build_plan(make_request({{"--strategy", {"pool_map"}},
                                    {"--workload", {"noop"}},
                                    {"--load", {"batch:4", "poisson:500/s", "closed:2"}},
                                    {"--seed", {"1"}}}),
                      cost);
}

std::string refusal(const std::function<void(study_plan&)>& edit) {
    study_plan plan = good_plan();
    edit(plan);
    try {
        require_within_limits(plan);
    } catch (const usage_error& error) {
        return error.what();
    }
    return "";
}

struct edit {
    /// The option whose range it leaves.
    std::string_view option;
    std::function<void(study_plan&)> make;
};

const std::vector<edit>& edits() {
    constexpr int large = std::numeric_limits<int>::max();
    constexpr auto huge = std::numeric_limits<std::int64_t>::max();
    static const std::vector<edit> all = {
        {"--workers", [](study_plan& p) { p.cells[0].workers = 0; }},
        {"--cpus", [](study_plan& p) { p.cells[0].cpus = -1; }},
        {"--rounds", [](study_plan& p) { p.rounds = large; }},
        {"--generations", [](study_plan& p) { p.generations = large; }},
        {"--precision", [](study_plan& p) { p.precision = 1.01; }},
        {"--budget", [](study_plan& p) { p.budget_ns = huge; }},
        {"--tie", [](study_plan& p) { p.tie = 0; }},
        {"--warm-up", [](study_plan& p) { p.warm_up_ns = huge; }},
        {"--seed", [](study_plan& p) { p.seed = std::uint64_t{1} << 53; }},
        {"--task-timeout", [](study_plan& p) { p.cells[0].limits.task_timeout_ns = huge; }},
        {"--retries", [](study_plan& p) { p.cells[0].limits.retries = 1001; }},
        {"--max-tasks-per-worker",
         [](study_plan& p) { p.cells[0].limits.max_tasks_per_worker = huge; }},
        {"--worker-memory", [](study_plan& p) { p.cells[0].limits.worker_memory_bytes = huge; }}};
    return all;
}

TEST(plan_limits, accept_a_plan_that_was_made) {
    EXPECT_EQ(refusal([](study_plan&) {}), "");
}

TEST(plan_limits, leave_the_rounds_open_to_a_plan_that_ends_by_itself) {
    EXPECT_EQ(refusal([](study_plan& p) { p.rounds = unlimited_rounds; }), "");
    EXPECT_NE(refusal([](study_plan& p) { p.rounds = unlimited_rounds + 1; }), "");
}

TEST(plan_limits, have_a_round_for_each_generation) {
    const auto six_generations = [](int rounds) {
        return refusal([&](study_plan& p) {
            p.generations = 6;
            p.rounds = rounds;
        });
    };
    EXPECT_EQ(six_generations(5), "6 generations of 5 rounds: use --rounds 6");
    EXPECT_EQ(six_generations(6), "");
}

TEST(plan_limits, are_those_of_the_options) {
    for (const edit& each : edits()) {
        EXPECT_NE(refusal(each.make).find(each.option), std::string::npos)
            << each.option << ": " << refusal(each.make);
    }
}

TEST(plan_limits, know_every_option_that_has_a_range) {
    for (const study_option& option : study_options()) {
        const bool without_range = std::holds_alternative<flag_value>(option.value) ||
                                   std::holds_alternative<text_value>(option.value) ||
                                   std::holds_alternative<texts_value>(option.value);
        // A plan has windows instead.
        if (without_range || option.name == "--trial-length") {
            continue;
        }
        EXPECT_TRUE(std::ranges::any_of(
            edits(), [&](const edit& each) { return each.option == option.name; }))
            << option.name << " is in no plan, or nobody holds a plan to its range";
    }
}

TEST(plan_limits, keep_figures_true_to_their_text) {
    EXPECT_NE(refusal([](study_plan& p) { p.cells[0].load.tasks = 5; }).find("tasks of load"),
              std::string::npos);
    EXPECT_NE(refusal([](study_plan& p) { p.cells[1].load.rate_per_s = 50; }).find("rate_per_s"),
              std::string::npos);
    EXPECT_NE(refusal([](study_plan& p) { p.cells[2].load.outstanding = 3; }).find("outstanding"),
              std::string::npos);
    EXPECT_NE(refusal([](study_plan& p) { p.cells[0].load.text = "poisson:5/s"; }).find("kind"),
              std::string::npos);
    EXPECT_NE(refusal([](study_plan& p) { p.cells[1].window_ns = 0; }).find("window_ns"),
              std::string::npos);
    EXPECT_NE(refusal([](study_plan& p) { p.cells[0].stamp_one_in = 3; }).find("stamp_one_in"),
              std::string::npos);
    EXPECT_NE(refusal([](study_plan& p) { p.cells[0].serial_ns = 0; }).find("serial_ns"),
              std::string::npos);
    EXPECT_NE(refusal([](study_plan& p) { p.cells.clear(); }).find("no cells"), std::string::npos);
}

}  // namespace
}  // namespace stratbench
