// Every command with every state of its standard streams.

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/cli/workplace.hpp"

namespace stratbench {
namespace {

constexpr const char* two_rounds =
    "run --strategy sync --workload sum_range:n=1000 --load batch:20 --rounds 2 --quick "
    "--report none ";

/// All of them say something on standard output.
const std::vector<std::string> standard_commands = {
    "--help",
    "--version",
    "run --help",
    "compare --help",
    "list",
    "list --json",
    "report r.json",
    "compare r.json s.json",
    "compare --self-test r.json s.json",
    two_rounds + std::string("--out none"),
    two_rounds + std::string("--out none --json --quiet"),
    two_rounds + std::string("--benchmark_list_tests")};

void make_results(const workplace& place) {
    ASSERT_EQ(place.run(two_rounds + std::string("--out r.json --quiet")).exit_code, 0);
    std::filesystem::copy(place.inside() / "r.json", place.inside() / "s.json");
}

/// The write end of a pipe that nobody reads, as descriptor 9 of every child.
class broken_pipe {
  public:
    broken_pipe() {
        int ends[2];
        if (::pipe(ends) == 0) {
            ::dup2(ends[1], 9);
            ::close(ends[0]);
            ::close(ends[1]);
        }
    }
    broken_pipe(const broken_pipe&) = delete;
    broken_pipe& operator=(const broken_pipe&) = delete;
    ~broken_pipe() { ::close(9); }
};

outcome_of_run with_streams(const workplace& place, const std::string& command,
                            const std::string& streams) {
    return place.shell("(" + place.program() + " " + command + " " + streams + ")");
}

TEST(standard_output, that_is_full_or_closed_is_one_line_and_exit_2) {
    const workplace place;
    make_results(place);
    for (const std::string& command : standard_commands) {
        for (const char* streams : {">/dev/full", ">&-"}) {
            const outcome_of_run got = with_streams(place, command, streams);
            EXPECT_EQ(got.exit_code, 2) << command << streams;
            EXPECT_NE(got.err.find("stratbench: standard output: "), std::string::npos)
                << command << streams << got.err;
            const bool progress = command.find("--out none") != std::string::npos;
            EXPECT_TRUE(progress || std::count(got.err.begin(), got.err.end(), '\n') == 1)
                << got.err;
        }
    }
}

TEST(standard_output, that_nobody_reads_any_more_changes_nothing) {
    const workplace place;
    make_results(place);
    const broken_pipe gone;
    for (const std::string& command : standard_commands) {
        const outcome_of_run got = with_streams(place, command, ">&9");
        EXPECT_EQ(got.exit_code, place.run(command).exit_code) << command;
        EXPECT_EQ(got.err.find("ipe"), std::string::npos) << command << got.err;
    }
}

TEST(standard_error, that_nobody_can_read_changes_nothing) {
    const workplace place;
    make_results(place);
    const broken_pipe gone;
    for (const std::string& command : standard_commands) {
        for (const char* streams : {"2>/dev/full", "2>&-", "2>&9", "2</dev/null"}) {
            const outcome_of_run got = with_streams(place, command, streams);
            EXPECT_EQ(got.exit_code, 0) << command << streams;
            EXPECT_FALSE(got.out.empty()) << command << streams;
        }
    }
    for (const char* streams : {"2>/dev/full", "2>&-", "2>&9"}) {
        EXPECT_EQ(with_streams(place, "report none.json", streams).exit_code, 2) << streams;
        // What tasks print goes there as well.
        EXPECT_EQ(
            with_streams(place,
                         "run --strategy pool_map --workload faults:kind=print --load batch:20 "
                         "--workers 2 --rounds 1 --quick --report none",
                         streams)
                .exit_code,
            0)
            << streams;
    }
}

TEST(standard_streams, that_are_closed_do_not_become_files_of_ours) {
    const workplace place;
    for (const char* streams : {"<&-", "2>&-", "<&- 2>&-", "<&- >&- 2>&-"}) {
        const outcome_of_run got =
            with_streams(place, two_rounds + std::string("--out r.json --events e.jsonl"), streams);
        const bool table_lost = std::string(streams).find(">&- 2") != std::string::npos &&
                                std::string(streams).starts_with("<&- >");
        EXPECT_EQ(got.exit_code, table_lost ? 2 : 0) << streams << got.err;
        EXPECT_TRUE(nlohmann::json::accept(place.content_of("r.json"))) << streams;
        const std::string events = place.content_of("e.jsonl");
        EXPECT_EQ(std::count(events.begin(), events.end(), '\n'), 40) << streams << events;
        EXPECT_TRUE(events.starts_with("{")) << events;
    }
}

}  // namespace
}  // namespace stratbench
