// Two builds side by side: the real binary against itself.

#include <gtest/gtest.h>

#include <csignal>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/built.hpp"
#include "tests/cli/results_in.hpp"
#include "tests/cli/workplace.hpp"

namespace stratbench {
namespace {

/// A machine on which a build seems to be half as fast as itself, again and again, has no test.
constexpr const char* self =
    "run --against self --min-effect 100% --strategy sync --strategy async_thread_pool "
    "--workload sum_range:n=1000 --load batch:20 --workers 2 --quick ";

/// The same of tasks that are long enough for nine pairs of slices not to differ by half, all nine
/// in the same direction, because something else wants the CPUs.
constexpr const char* self_at_length =
    "run --against self --min-effect 100% --strategy sync --strategy async_thread_pool "
    "--workload sum_range:duration=500us --load batch:20 --workers 2 --quick ";

std::vector<std::vector<int>> rounds_in(const json& file) {
    std::vector<std::vector<int>> all;
    for (const json& cell : file["cells"]) {
        std::vector<int>& rounds = all.emplace_back();
        for (const json& trial : cell["trials"]) {
            rounds.push_back(trial["round"]);
        }
    }
    return all;
}

TEST(against, itself_gives_two_files_of_one_study_and_says_how_far_to_trust_the_machine) {
    const workplace place;
    const outcome_of_run got =
        place.run(std::string(self_at_length) + "--rounds 9 --markdown c.md --junit c.xml");
    EXPECT_EQ(got.exit_code, 0) << got.err << got.out;
    EXPECT_EQ(place.files(), (std::vector<std::string>{"c.md", "c.xml", "report.html",
                                                       "results.base.json", "results.json"}));
    const json base = results_in(place, "results.base.json"),
               candidate = results_in(place, "results.json");
    EXPECT_EQ(base["study"]["id"], candidate["study"]["id"]);
    EXPECT_EQ(base["study"]["arm"], "base");
    EXPECT_EQ(candidate["study"]["arm"], "new");
    EXPECT_EQ(base["plan"], candidate["plan"]);
    EXPECT_EQ(base["environment"]["git_revision"], candidate["environment"]["git_revision"]);
    EXPECT_EQ(rounds_in(base), rounds_in(candidate));
    ASSERT_EQ(candidate["cells"].size(), 2U);
    for (const json& cell : candidate["cells"]) {
        EXPECT_EQ(cell["trials"].size(), 9U);
        EXPECT_EQ(cell["ended_by"], "rounds");
    }
    EXPECT_NE(got.out.find("false alarm"), std::string::npos) << got.out;
}

TEST(against, has_at_least_fifteen_generations_where_nobody_says_how_many) {
    const workplace place;
    EXPECT_EQ(place.run(std::string(self) + "--report none --quiet").exit_code, 0);
    for (const std::vector<int>& rounds : rounds_in(results_in(place, "results.json"))) {
        EXPECT_EQ(rounds.size(), 15U);
    }
}

TEST(against, too_little_time_is_inconclusive_which_fails_a_strict_job_alone) {
    const workplace place;
    const outcome_of_run got = place.run(std::string(self) + "--budget 1ms --report none");
    EXPECT_EQ(got.exit_code, 0) << got.err;
    EXPECT_NE(got.out.find("1 round in 1 generation until the budget was spent"), std::string::npos)
        << got.out;
    EXPECT_EQ(results_in(place, "results.json")["cells"][0]["ended_by"], "budget");
    EXPECT_EQ(
        place.run(std::string(self) + "--budget 1ms --report none --quiet --strict").exit_code, 3);
}

TEST(against, interrupted_keeps_whole_rounds_of_both) {
    const workplace place;
    const outcome_of_run got = place.run_until(
        [&] {
            return !place.content_of("results.base.json").empty() &&
                   !place.content_of("results.json").empty();
        },
        SIGINT, std::string(self) + "--rounds 1000 --report none --quiet");
    EXPECT_EQ(got.exit_code, 130) << got.err;
    const auto of_base = rounds_in(results_in(place, "results.base.json"));
    EXPECT_EQ(of_base, rounds_in(results_in(place, "results.json")));
    EXPECT_EQ(of_base[0], of_base[1]);
    EXPECT_EQ(place.processes_inside(), 0);
}

TEST(against, the_workers_log_says_which_build_a_trial_is_of) {
    const workplace place;
    ASSERT_EQ(place
                  .run(std::string(self) +
                       "--budget 1ms --report none --quiet --out none --worker-log log.txt")
                  .exit_code,
              0);
    EXPECT_EQ(place.files(), std::vector<std::string>{"log.txt"});
    const std::string log = place.content_of("log.txt");
    EXPECT_NE(log.find(", generation 1 of the base\n"), std::string::npos) << log;
    EXPECT_NE(log.find(", generation 1 of the new build\n"), std::string::npos) << log;
}

TEST(against, a_stratbench_without_its_worker_is_one_line_and_nothing_is_measured) {
    const workplace place;
    std::filesystem::copy_file(test::built("stratbench"), place.inside() / "alone");
    const outcome_of_run got = place.run("run --against ./alone");
    EXPECT_EQ(got.exit_code, 2);
    EXPECT_NE(got.err.find("there is no stratbench_worker beside it"), std::string::npos)
        << got.err;
    EXPECT_EQ(place.files(), std::vector<std::string>{"alone"});
}

}  // namespace
}  // namespace stratbench
