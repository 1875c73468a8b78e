#include "harness/plan/option_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string>
#include <variant>
#include <vector>

#include "harness/plan/build_plan.hpp"
#include "harness/plan/default_study.hpp"
#include "harness/plan/scenario.hpp"
#include "harness/plan/written_options.hpp"
#include "tests/temporary_file.hpp"

namespace stratbench {
namespace {

/// A value as the command line and as a scenario have it.
struct sample {
    std::vector<std::string> texts;
    std::string json;
};

/// Values of an option of each type.
struct samples {
    std::vector<sample> good, bad;
};

std::string quoted(const std::string& text) {
    return '"' + text + '"';
}

sample whole(std::int64_t n) {
    return {{std::to_string(n)}, std::to_string(n)};
}

sample whole_list(const std::vector<std::int64_t>& numbers) {
    sample result;
    for (const std::int64_t n : numbers) {
        result.texts.push_back(std::to_string(n));
    }
    result.json = fmt::format("[{}]", fmt::join(result.texts, ", "));
    return result;
}

sample text(const std::string& content) {
    return {{content}, quoted(content)};
}

struct samples_of {
    samples operator()(const flag_value&) const { return {{{{}, "true"}}, {}}; }
    samples operator()(const whole_value& v) const {
        return {{whole(v.lowest), whole(v.highest)}, {whole(v.lowest - 1), whole(v.highest + 1)}};
    }
    samples operator()(const wholes_value& v) const {
        const std::int64_t lowest = v.lowest, highest = v.highest;
        return {{whole_list({lowest}), whole_list({lowest, highest})},
                {whole_list({lowest - 1}), whole_list({lowest, highest + 1})}};
    }
    samples operator()(const text_value&) const { return {{text("a")}, {}}; }
    samples operator()(const texts_value&) const {
        return {{{{"a"}, R"(["a"])"}, {{"a:b,c", "d"}, R"(["a:b,c", "d"])"}}, {}};
    }
    samples operator()(const duration_value& v) const {
        return {{text("1ns"), text("1.5s"), text(duration_text(v.highest))},
                {text("0s"), text("5"), text("-1s"), text(""), text("99999h"),
                 text(duration_text(v.highest + 1))}};
    }
    samples operator()(const percent_value&) const {
        return {{text("0.5%"), text("100%")}, {text("0%"), text("101%"), text("3"), text("")}};
    }
    samples operator()(const bytes_value&) const {
        return {{text("1B"), text("2GiB")}, {text("0B"), text("512"), text("512MB"), text("")}};
    }
};

samples samples_for(const study_option& option) {
    return std::visit(samples_of(), option.value);
}

std::vector<study_option> options_with_a_key() {
    std::vector<study_option> result;
    std::ranges::copy_if(study_options(), std::back_inserter(result),
                         [](const study_option& option) { return !option.key.empty(); });
    return result;
}

run_request read_scenario(const study_option& option, const sample& value) {
    run_request request =
        parse_scenario(fmt::format("{{\"{}\": {}}}", option.key, value.json), "mine.json").request;
    request.scenario.clear();
    return request;
}

run_request read_command_line(const study_option& option, const sample& value) {
    return request_alone({{option.name, value.texts}});
}

std::string refusal_beside_plan(const written_options& written) {
    try {
        refuse_beside_plan(written);
    } catch (const usage_error& error) {
        return error.what();
    }
    return "";
}

TEST(options, mean_the_same_in_a_scenario_and_on_the_command_line) {
    for (const study_option& option : options_with_a_key()) {
        const samples values = samples_for(option);
        for (const sample& value : values.good) {
            EXPECT_EQ(read_command_line(option, value), read_scenario(option, value))
                << option.name << " " << value.json;
        }
        EXPECT_NE(read_command_line(option, values.good.back()), request_alone({}))
            << option.name << " sets nothing";
    }
}

TEST(options, have_the_same_range_in_a_scenario_and_on_the_command_line) {
    for (const study_option& option : options_with_a_key()) {
        for (const sample& value : samples_for(option).bad) {
            EXPECT_THROW(read_command_line(option, value), usage_error)
                << option.name << " " << value.json;
            EXPECT_THROW(read_scenario(option, value), usage_error)
                << option.key << " " << value.json;
        }
    }
}

TEST(options, of_the_command_line_alone_have_a_range_as_well) {
    for (const study_option& option : study_options()) {
        for (const sample& value : samples_for(option).good) {
            EXPECT_NO_THROW(read_command_line(option, value)) << option.name;
        }
        for (const sample& value : samples_for(option).bad) {
            EXPECT_THROW(read_command_line(option, value), usage_error) << option.name;
        }
    }
}

TEST(options, have_the_name_of_their_key) {
    for (const study_option& option : options_with_a_key()) {
        std::string expected(option.name.substr(2));
        std::ranges::replace(expected, '-', '_');
        if (expected == "strategy") {
            expected = "strategies";
        } else if (std::holds_alternative<texts_value>(option.value)) {
            expected += 's';
        }
        EXPECT_EQ(option.key, expected);
    }
}

TEST(options, of_a_combination_may_stand_in_each_part_of_a_scenario_and_no_others) {
    for (const study_option& option : options_with_a_key()) {
        const sample value = samples_for(option).good.front();
        const std::string text =
            fmt::format(R"({{"cells": [{{"{}": {}}}, {{}}]}})", option.key, value.json);
        if (!option.of_combination) {
            EXPECT_THROW(parse_scenario(text, "mine.json"), usage_error) << option.key;
            continue;
        }
        const auto parts = parse_scenario(text, "mine.json").request.combinations;
        ASSERT_EQ(parts.size(), 2U);
        EXPECT_EQ(parts[0], read_command_line(option, value).combinations[0]);
        EXPECT_EQ(parts[1], combination{});
    }
}

TEST(options, that_change_a_plan_are_refused_beside_it) {
    for (const study_option& option : study_options()) {
        const std::string result = refusal_beside_plan({{option.name, {}}});
        EXPECT_EQ(result.empty(), option.beside_plan) << option.name;
    }
    EXPECT_EQ(refusal_beside_plan({{"--tie", {"3%"}}, {"--seed", {"1"}}}),
              "--plan brings its own cells; only --rounds, --generations, --precision, --budget "
              "and --tie may be given beside it");
    EXPECT_EQ(refusal_beside_plan({}), "");
}

TEST(options, that_may_stand_beside_a_plan_leave_its_cells_alone) {
    const auto cost = [](const task_template&) { return 1e6; };
    written_options written{
        {"--strategy", {"sync", "pool_map"}}, {"--workload", {"noop"}}, {"--load", {"batch:4"}}};
    const std::vector<cell> cells = build_plan(make_request(written), cost).cells;
    for (const study_option& option : study_options()) {
        if (option.beside_plan) {
            written[option.name] = samples_for(option).good.back().texts;
            EXPECT_EQ(build_plan(make_request(written), cost).cells, cells) << option.name;
            written.erase(option.name);
        }
    }
}

TEST(options, replace_the_same_part_of_a_scenario_and_no_other) {
    const test::temporary_file file(R"({"task_timeout": "20ms", "retries": 1, "tie": "2%",
        "cells": [{"strategies": ["sync"], "workers": [1]}, {"loads": ["batch"]}]})");
    run_request expected = load_scenario(file.path()).request;
    expected.limits.retries = 3;
    for (combination& c : expected.combinations) {
        c.workers = {3, 4};
    }
    EXPECT_EQ(make_request(
                  {{"--scenario", {file.path()}}, {"--retries", {"3"}}, {"--workers", {"3", "4"}}}),
              expected);
    EXPECT_EQ(expected.limits, (containment{20'000'000, 3, 0, 0}));
}

TEST(options, that_say_when_a_study_ends_replace_all_that_the_scenario_says_of_it) {
    const auto written = [](const written_options& more) {
        written_options all = more;
        all["--scenario"] = {"antipatterns"};
        return make_request(all).stopping;
    };
    ASSERT_TRUE(load_scenario("antipatterns").request.stopping.given());
    EXPECT_EQ(written({}), load_scenario("antipatterns").request.stopping);
    EXPECT_EQ(written({{"--generations", {"3"}}}), stopping_request{.generations = 3});
    EXPECT_EQ(written({{"--precision", {"2%"}}}),
              (stopping_request{.precision = 0.02, .budget_ns = 300'000'000'000}));
    EXPECT_EQ(written({{"--precision", {"2%"}}, {"--budget", {"5s"}}}),
              (stopping_request{.precision = 0.02, .budget_ns = 5'000'000'000}));
}

TEST(options, that_name_no_cells_leave_the_default_study_its_reference_lines) {
    std::vector<combination> expected = default_study();
    EXPECT_EQ(make_request({}).combinations, expected);
    for (combination& c : expected) {
        c.workers = {2};
    }
    EXPECT_EQ(make_request({{"--workers", {"2"}}}).combinations, expected);
    EXPECT_EQ(make_request({{"--load", {"batch"}}}).combinations,
              (std::vector<combination>{{.loads = {"batch"}}}));
}

}  // namespace
}  // namespace stratbench
