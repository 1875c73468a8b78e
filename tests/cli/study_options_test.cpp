// The real binary knows each option of the table.

#include <gtest/gtest.h>

#include <string>
#include <variant>

#include "harness/plan/option_table.hpp"
#include "tests/cli/workplace.hpp"

namespace stratbench {
namespace {

TEST(study_options, are_taken_and_those_that_change_a_plan_refused_beside_it) {
    const workplace place;
    for (const study_option& option : study_options()) {
        const bool flag = std::holds_alternative<flag_value>(option.value);
        const outcome_of_run got =
            place.run("run --plan none.json " + std::string(option.name) + (flag ? "" : " value"));
        EXPECT_EQ(got.exit_code, 2) << option.name;
        const std::string refused = "--plan brings its own cells";
        EXPECT_EQ(got.err.find(refused) == std::string::npos, option.beside_plan) << got.err;
        if (option.beside_plan) {
            EXPECT_TRUE(got.err.starts_with("stratbench: " + std::string(option.name) + " 'value'"))
                << got.err;
        }
    }
}

TEST(study_options, are_repeated_where_they_have_several_values_and_only_there) {
    const workplace place;
    for (const study_option& option : study_options()) {
        if (std::holds_alternative<flag_value>(option.value)) {
            continue;
        }
        const std::string name(option.name);
        const outcome_of_run got =
            place.run("run --plan none.json " + name + " a " + name + " b,c");
        const bool several = std::holds_alternative<texts_value>(option.value) ||
                             std::holds_alternative<wholes_value>(option.value);
        EXPECT_EQ(got.err.find("At Most 1 required but received 2") == std::string::npos, several)
            << got.err;
    }
}

TEST(study_options, are_all_in_the_help) {
    const workplace place;
    const std::string text = place.run("run --help").out;
    for (const study_option& option : study_options()) {
        EXPECT_NE(text.find("  " + std::string(option.name)), std::string::npos) << option.name;
        EXPECT_NE(text.find(std::string(option.help)), std::string::npos) << option.name;
    }
}

}  // namespace
}  // namespace stratbench
