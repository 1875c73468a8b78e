// The sources' scenarios with the sources' own Python, and machines without it. The real binary is
// run.

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "strategies/registry.hpp"
#include "tests/cli/results_in.hpp"
#include "tests/cli/workplace.hpp"
#include "tests/runnable.hpp"

namespace stratbench {
namespace {

class python_seeds : public testing::Test {
  protected:
    void SetUp() override {
        if (const auto why = test::not_runnable(find_strategy("python_sync")); !why.empty()) {
            GTEST_SKIP() << why;
        }
    }

    /// The tasks of the only trial of each cell of a scenario, with one round.
    json tasks_of(const std::string& arguments) const {
        const outcome_of_run got = place.run("run --report none " + arguments);
        EXPECT_EQ(got.exit_code, 0) << got.out << got.err;
        const json results = results_in(place);
        json all = json::array();
        for (const json& cell : results["cells"]) {
            EXPECT_EQ(cell["status"], "ok") << cell["reason"];
            all.push_back(cell["trials"][0]["tasks"]);
        }
        return all;
    }

    static std::vector<std::string> values(const json& tasks) {
        std::vector<std::string> found;
        for (const json& task : tasks) {
            found.push_back(task["value"]);
        }
        return found;
    }

    workplace place;
};

TEST_F(python_seeds, six_requests_have_the_results_that_the_sources_program_prints) {
    const json tasks = tasks_of("--scenario request_burst --strategy python_async_process_pool")[0];
    ASSERT_EQ(tasks.size(), 6U);
    // round(total, 4)
    EXPECT_EQ(values(tasks).front(), "75676061.2758");
    EXPECT_EQ(values(tasks).back(), "228658022.6116");
}

TEST_F(python_seeds, twelve_jobs_come_through_the_queue_ten_milliseconds_apart) {
    const json tasks =
        tasks_of("--scenario producer_consumer --strategy python_async_process_pool")[0];
    ASSERT_EQ(tasks.size(), 12U);
    EXPECT_GE(tasks[11]["due_ns"], 110'000'000);
}

const std::vector<std::string> sums_of_ten = {"50005000", "50015001", "50025003", "50035006",
                                              "50045010", "50055015", "50065021", "50075028",
                                              "50085036", "50095045"};

/// The sources' ten sums: pool.map, apply_async with a list of results, and with a callback.
TEST_F(python_seeds, sums_are_what_the_sources_print) {
    const std::string ten = " --workload sum_range:n=10000,step=1 --load batch:10";
    const json mapped = tasks_of("--scenario map_range --strategy python_pool_map" + ten)[0];
    EXPECT_EQ(values(mapped), sums_of_ten);
    for (const json& task : mapped) {
        EXPECT_EQ(task["completed_ns"], mapped[0]["completed_ns"]) << "map returns once";
    }
    EXPECT_EQ(values(tasks_of("--scenario callbacks --strategy python_apply_async" + ten)[0]),
              sums_of_ten);
    EXPECT_EQ(values(tasks_of("--scenario gather_results --strategy python_apply_async" + ten)[0]),
              sums_of_ten);
}

TEST_F(python_seeds, a_trickle_begins_while_more_is_to_come) {
    const json tasks = tasks_of(
        "--scenario trickle --strategy python_apply_async --workload sum_range:n=1000,step=1 "
        "--load trickle:every=50ms,tasks=4")[0];
    ASSERT_EQ(tasks.size(), 4U);
    EXPECT_GE(tasks[3]["accepted_ns"], 150'000'000);
    EXPECT_EQ(values(tasks).front(), "500500");
}

TEST_F(python_seeds, ten_coroutines_share_three_processes) {
    const json tasks = tasks_of(
        "--scenario bounded_tasks --strategy python_asynccpu --strategy python_asyncermp "
        "--workload sum_squares:n=1000");
    for (const json& each : tasks) {
        EXPECT_EQ(values(each), std::vector<std::string>(10, "332833500"));
    }
}

TEST_F(python_seeds, are_started_by_the_interpreter_that_a_version_managers_script_finds) {
    place.write("python3", "#!/bin/sh\necho >>started\nexec \"$REAL\" \"$@\"\n");
    std::filesystem::permissions(place.inside() / "python3", std::filesystem::perms::owner_all);
    const std::string arguments =
        " run --strategy python_sync --strategy python_pool_map --workload noop --load batch:10 "
        "--rounds 2 --quick --report none";
    const outcome_of_run got =
        place.shell("env -u STRATBENCH_PYTHON REAL=\"$(command -v python3)\" PATH=\"$PWD:$PATH\" " +
                    workplace::program() + arguments);
    EXPECT_EQ(got.exit_code, 0) << got.out << got.err;
    EXPECT_EQ(place.content_of("started"), "\n") << "it was asked once";
    EXPECT_EQ(results_in(place)["cells"][0]["status"], "ok");
}

TEST_F(python_seeds, are_skipped_where_the_interpreter_that_is_named_is_none) {
    const outcome_of_run got =
        place.shell("env STRATBENCH_PYTHON=python0 " + workplace::program() +
                    " run --strategy sync --strategy python_sync --workload noop --load batch:10 "
                    "--rounds 1 --quick --report none");
    EXPECT_EQ(got.exit_code, 0) << got.out << got.err;
    EXPECT_EQ(results_in(place)["cells"][1]["reason"],
              "'python0' of STRATBENCH_PYTHON is no program");
}

/// One Python strategy beside one in C++, with a PATH that has nothing but `python3`, if that.
json cells_with(const workplace& place, const std::string& python3) {
    std::filesystem::create_directory(place.inside() / "bin");
    if (!python3.empty()) {
        place.write("bin/python3", python3);
        std::filesystem::permissions(place.inside() / "bin/python3",
                                     std::filesystem::perms::owner_all);
    }
    const outcome_of_run got = place.shell(
        "env -u STRATBENCH_PYTHON PATH=\"$PWD/bin\" " + workplace::program() +
        " run --strategy sync --strategy python_pool_map --workload noop --load batch:10 "
        "--rounds 1 --quick --report none");
    EXPECT_EQ(got.exit_code, 0) << got.out << got.err;
    return results_in(place)["cells"];
}

class no_python : public testing::TestWithParam<std::pair<const char*, const char*>> {};
TEST_P(no_python, skips_its_cells_with_the_reason_and_measures_the_others) {
    const workplace place;
    const auto& [python3, why] = GetParam();
    const json cells = cells_with(place, python3);
    ASSERT_EQ(cells.size(), 2U);
    EXPECT_EQ(cells[0]["status"], "ok");
    EXPECT_EQ(cells[1]["status"], "skipped");
    EXPECT_NE(cells[1]["reason"].get<std::string>().find(why), std::string::npos)
        << cells[1]["reason"];
}
INSTANTIATE_TEST_SUITE_P(
    machines, no_python,
    testing::Values(std::pair{"", "there is no python3"},
                    std::pair{"#!/bin/sh\nexit 1\n", "is no Python of 3.9 or later"},
                    std::pair{"#!/bin/sh\nexit 0\n", "is no Python of 3.9 or later"},
                    std::pair{"#!/bin/sh\nwhile :; do echo y; done\n",
                              "is no Python of 3.9 or later"},
                    std::pair{"#!/bin/sh\nkill -STOP $$\n", "is no Python of 3.9 or later"},
                    std::pair{"#!/no/such/interpreter\n", "is no Python of 3.9 or later"}));

}  // namespace
}  // namespace stratbench
