#include "harness/plan/scenario.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "harness/plan/build_plan.hpp"

namespace stratbench {
namespace {

double one_ms(const task_template&) {
    return 1e6;
}

std::string refusal(const std::string& text) {
    try {
        parse_scenario(text, "mine.json");
    } catch (const usage_error& error) {
        return error.what();
    }
    return "";
}

TEST(scenarios, are_the_ten_that_the_sources_show_and_the_sources_own_python) {
    std::set<std::string_view> names;
    for (const scenario_file& s : scenarios()) {
        names.insert(s.name);
    }
    EXPECT_EQ(names, (std::set<std::string_view>{"antipatterns", "bounded_tasks", "callbacks",
                                                 "gather_results", "map_range", "producer_consumer",
                                                 "python_and_cpp", "request_burst", "trickle",
                                                 "variance", "with_and_without_processes"}));
}

TEST(scenarios, all_have_a_description_and_a_plan) {
    for (const scenario_file& s : scenarios()) {
        const scenario read = load_scenario(std::string(s.name));
        EXPECT_FALSE(read.description.empty()) << s.name;
        EXPECT_FALSE(build_plan(read.request, one_ms).cells.empty()) << s.name;
        EXPECT_EQ(read.request.scenario, s.name);
    }
}

TEST(scenarios, of_several_parts_are_not_a_full_product) {
    const study_plan plan = build_plan(load_scenario("gather_results").request, one_ms);
    ASSERT_EQ(plan.cells.size(), 2U);
    EXPECT_EQ(plan.cells[0].load.tasks, 10U);
    EXPECT_EQ(plan.cells[1].load.tasks, 1'000'000U);
    EXPECT_TRUE(plan.detail.tasks);
}

TEST(scenarios, every_key_is_read) {
    const scenario read = parse_scenario(R"({
        "description": "d", "strategies": ["sync"], "workloads": ["noop"], "loads": ["batch:3"],
        "workers": [2, 3], "cpus": 1, "rounds": 7, "trial_length": "15ms", "seed": 9,
        "show": ["tasks", "timeline"], "task_timeout": "20ms", "retries": 1,
        "max_tasks_per_worker": 50, "worker_memory": "1GiB", "cancel_pending": true})",
                                         "mine.json");
    const run_request& r = read.request;
    EXPECT_EQ(read.description, "d");
    ASSERT_EQ(r.combinations.size(), 1U);
    EXPECT_EQ(r.combinations[0].strategies, std::vector<std::string>{"sync"});
    EXPECT_EQ(r.combinations[0].workers, (std::vector{2, 3}));
    EXPECT_EQ(r.cpus, 1);
    EXPECT_EQ(r.stopping.rounds, 7);
    EXPECT_EQ(r.trial_length_ns, 15'000'000);
    EXPECT_EQ(r.seed, 9U);
    EXPECT_TRUE(r.detail.tasks && r.detail.timeline);
    EXPECT_EQ(r.limits, (containment{20'000'000, 1, 50, 1U << 30}));
    EXPECT_TRUE(r.cancel_pending);
}

TEST(scenarios, an_unknown_key_is_named_with_its_line_and_what_is_accepted) {
    const std::string text = refusal("{\n  \"rounds\": 1,\n  \"wokers\": [4]\n}\n");
    EXPECT_NE(text.find("mine.json: line 3: unknown key 'wokers'; did you mean 'workers'?"),
              std::string::npos)
        << text;
    EXPECT_NE(text.find("accepted are description, strategies"), std::string::npos) << text;
}

TEST(scenarios, whatever_an_unknown_name_holds_the_message_is_one_short_line) {
    const std::string much(5000, 'x');
    for (const std::string& text :
         {refusal(R"({"two\nlines": 1})"), refusal("{\"" + much + "\": 1}"),
          refusal(R"({"show": ["two\nlines"]})"), refusal(R"({"a\nb": 1, "a\nb": 2})")}) {
        EXPECT_EQ(text.find('\n'), std::string::npos) << text;
        EXPECT_LT(text.size(), 400U);
    }
}

TEST(scenarios, an_unknown_key_of_a_part_is_found_in_its_own_line) {
    const std::string text =
        refusal("{\"cells\": [\n{\"workers\": [1]},\n{\n\"rounds\": 1}\n],\n\"rounds\": 2}");
    EXPECT_NE(text.find("line 4: unknown key 'rounds'"), std::string::npos) << text;
}

TEST(scenarios, a_value_of_the_wrong_type_is_named_with_its_line) {
    for (const char* value : {"\"4\"", "4", "[4.5]", "[\"4\"]", "[0]", "[-1]", "[]", "null",
                              "[18446744073709551615]"}) {
        const std::string text = refusal("{\n\n\"workers\": " + std::string(value) + "}");
        EXPECT_NE(text.find("mine.json: line 3: 'workers' must be a list of whole numbers"),
                  std::string::npos)
            << text;
    }
    EXPECT_NE(refusal(R"({"rounds": 0})").find("line 1: 'rounds'"), std::string::npos);
    EXPECT_NE(refusal(R"({"trial_length": "5 parsecs"})").find("line 1:"), std::string::npos);
    EXPECT_NE(refusal(R"({"retries": -1})").find("line 1: 'retries'"), std::string::npos);
    EXPECT_NE(refusal("{\n\"worker_memory\": \"512\"}").find("line 2: worker_memory '512'"),
              std::string::npos);
    EXPECT_NE(refusal(R"({"cancel_pending": 1})").find("must be true or false"), std::string::npos);
    EXPECT_NE(refusal(R"({"show": ["all"]})").find("accepted are tasks, timeline"),
              std::string::npos);
    EXPECT_NE(refusal("[]").find("line 1"), std::string::npos);
}

TEST(scenarios, a_key_that_stands_there_twice_is_refused) {
    EXPECT_NE(refusal("{\"rounds\": 1,\n\"rounds\": 2}").find("line 2: key 'rounds'"),
              std::string::npos);
}

TEST(scenarios, parts_and_a_product_exclude_each_other) {
    EXPECT_NE(refusal("{\"cells\": [{}],\n\"loads\": [\"batch\"]}").find("line 2: 'loads'"),
              std::string::npos);
}

TEST(scenarios, bad_json_is_refused_with_line_and_column) {
    for (const char* text : {"{\n  \"rounds\": ,\n}", "{\n  \"rounds\" 1\n}", "{\n  ]"}) {
        EXPECT_NE(refusal(text).find("mine.json: bad JSON at line 2, column "), std::string::npos)
            << refusal(text);
    }
    EXPECT_EQ(refusal("{\n  \"rounds\": 1e999}"), "mine.json: line 2: a number is out of range");
    EXPECT_NE(refusal("").find("mine.json: not JSON: this is an empty file"), std::string::npos);
    for (const char* text : {"{", "nonsense", "{} {}", "{\"rounds\": 1", "\xff"}) {
        EXPECT_NE(refusal(text).find("bad JSON at line 1, column "), std::string::npos) << text;
    }
}

TEST(scenarios, an_unknown_name_gets_a_suggestion_and_a_missing_file_is_said) {
    const auto refused = [](const char* name) -> std::string {
        try {
            load_scenario(name);
        } catch (const usage_error& error) {
            return error.what();
        }
        return "";
    };
    EXPECT_NE(refused("tricle").find("did you mean 'trickle'?"), std::string::npos);
    EXPECT_NE(refused("./not_there.json").find("cannot be read"), std::string::npos);
    EXPECT_NE(refused("./").find("is a directory"), std::string::npos);
}

}  // namespace
}  // namespace stratbench
