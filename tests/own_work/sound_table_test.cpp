// What is refused as soon as a program with such a workload or strategy is started.

#include "workloads/sound_table.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "strategies/registry.hpp"

namespace stratbench {
namespace {

std::uint64_t one(const task&, payload_view) {
    return 1;
}

constexpr workload good = {.name = "good",
                           .summary = "",
                           .parameters = {},
                           .execute = one,
                           .reference = one,
                           .has_size = false};

std::string error_of(const std::vector<workload>& table) {
    std::vector<const workload*> all;
    for (const workload& w : table) {
        all.push_back(&w);
    }
    try {
        require_sound_workloads(all);
    } catch (const usage_error& error) {
        return error.what();
    }
    return "";
}

std::string error_with(void (*change)(workload&)) {
    workload changed = good;
    change(changed);
    return error_of({changed});
}

TEST(workload_table, is_sound_as_it_is_built) {
    EXPECT_NO_THROW(require_sound_workloads(workloads()));
    EXPECT_EQ(error_of({good}), "");
}

TEST(workload_table, refuses_two_of_one_name) {
    EXPECT_EQ(error_of({good, good}),
              "workload 'good' is there twice; each needs a name of its own");
}

TEST(workload_table, refuses_work_that_cannot_be_checked_or_done) {
    EXPECT_EQ(error_with([](workload& w) { w.reference = nullptr; }),
              "workload 'good' has no reference: .reference has to compute the same result "
              "serially");
    EXPECT_EQ(error_with([](workload& w) { w.execute = nullptr; }),
              "workload 'good' has no work: .execute is missing");
    EXPECT_EQ(error_with([](workload& w) { w.has_size = true; }),
              "workload 'good' has a size and no parameter for it; the first is n, or .has_size = "
              "false");
    EXPECT_EQ(error_with([](workload& w) {
                  w.payload_bytes = [](const task&) -> std::uint64_t { return 8; };
              }),
              "workload 'good' has a payload that nothing writes: .generate is missing");
}

TEST(workload_table, refuses_a_name_that_no_spec_can_hold) {
    for (const char* name : {"", "a:b", "a,b", "a b"}) {
        workload named = good;
        named.name = name;
        EXPECT_NE(error_of({named}).find("needs a name"), std::string::npos) << name;
    }
}

TEST(workload_table, refuses_another_api) {
    EXPECT_EQ(error_with([](workload& w) { w.api = STRATBENCH_API + 1; }),
              "a workload was compiled for API 2; this stratbench has API 1");
}

std::string error_of_strategies(const std::vector<const strategy_info*>& all) {
    try {
        require_sound_strategies(all);
    } catch (const usage_error& error) {
        return error.what();
    }
    return "";
}

TEST(strategy_table, refuses_two_of_one_name_and_what_nothing_makes_and_another_api) {
    EXPECT_EQ(error_of_strategies({strategies().begin(), strategies().end()}), "");
    strategy_info other = *strategies().front();
    EXPECT_EQ(error_of_strategies({strategies().front(), &other}),
              "strategy 'sync' is there twice; each needs a name of its own");
    other.make = nullptr;
    EXPECT_EQ(error_of_strategies({&other}),
              "strategy 'sync' has nothing that makes it: .make is missing");
    other.api = 2;
    EXPECT_EQ(error_of_strategies({&other}),
              "a strategy was compiled for API 2; this stratbench has API 1");
}

}  // namespace
}  // namespace stratbench
