// A build whose kernel does four times the work is measured beside the real one. What decides is
// CPU time, which other programs that want the CPUs change little.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/built.hpp"
#include "tests/cli/results_in.hpp"
#include "tests/cli/workplace.hpp"

namespace stratbench {
namespace {

constexpr const char* cells =
    "--strategy sync --workload sqrt_log:n=20000 --workload sum_range:n=200000 --load batch:50 "
    "--workers 1 --quick --quiet --report none --fail-on cpu ";

const std::string usual = test::built("stratbench");
const std::string slower = test::built("slower_300/stratbench");

std::vector<int> rounds_of(const json& cell) {
    std::vector<int> rounds;
    for (const json& trial : cell["trials"]) {
        rounds.push_back(trial["round"]);
    }
    return rounds;
}

TEST(found, more_work_is_confirmed_on_fresh_rounds_of_its_own_cell_alone_and_fails_the_job) {
    const workplace place;
    json base, candidate;
    // A busy machine may make the other cell a suspect, which then is measured again, too.
    for (int attempt = 0; attempt < 3; ++attempt) {
        const outcome_of_run got = place.run_program(
            slower, std::string("run ") + cells + "--rounds 9 --against '" + usual + "'");
        ASSERT_EQ(got.exit_code, 1) << got.err;
        EXPECT_EQ(place.files(), (std::vector<std::string>{"results.base.json", "results.json"}));
        base = results_in(place, "results.base.json");
        candidate = results_in(place, "results.json");
        if (rounds_of(candidate["cells"][1]).size() == 9) {
            break;
        }
    }
    EXPECT_EQ(base["study"]["id"], candidate["study"]["id"]);
    EXPECT_EQ(base["study"]["arm"], "base");
    EXPECT_EQ(candidate["study"]["arm"], "new");
    for (const json& side : {base, candidate}) {
        EXPECT_EQ(side["study"].value("confirmation_from_round", -1), 9);
        ASSERT_EQ(side["cells"].size(), 2U);
        const std::vector<int> rounds = rounds_of(side["cells"][0]);
        EXPECT_GE(rounds.size(), 9U + 6);
        EXPECT_EQ(rounds_of(side["cells"][1]).size(), 9U) << "nothing to confirm";
        EXPECT_EQ(rounds_of(base["cells"][0]), rounds);
    }
}

TEST(found, less_work_fails_no_job_and_needs_no_confirmation) {
    const workplace place;
    const outcome_of_run got = place.run_program(
        usual, std::string("run ") + cells + "--rounds 9 --against '" + slower + "'");
    EXPECT_EQ(got.exit_code, 0) << got.err;
    EXPECT_FALSE(results_in(place, "results.json")["study"].contains("confirmation_from_round"));
}

}  // namespace
}  // namespace stratbench
