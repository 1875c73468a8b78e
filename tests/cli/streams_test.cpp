// Every command with every state of its standard streams.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/base/descriptor.hpp"
#include "tests/cli/family.hpp"
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

/// A pipe that is full, whose reader is this process.
class full_pipe {
  public:
    explicit full_pipe(int flags) {
        int ends[2] = {-1, -1};
        EXPECT_EQ(::pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
        reads_ = descriptor(ends[0]);
        writes_ = descriptor(ends[1]);
        for (const std::size_t piece : {std::size_t{4096}, std::size_t{1}}) {
            const std::string filling(piece, '.');
            while (::write(writes_.get(), filling.data(), piece) > 0) {
                size_ += piece;
            }
        }
        ::fcntl(writes_.get(), F_SETFL, flags);
        ::fcntl(reads_.get(), F_SETFL, 0);
    }
    /// For as much as a pipe takes at once.
    void make_room() const {
        char taken[PIPE_BUF];
        EXPECT_EQ(::read(reads_.get(), taken, sizeof taken), PIPE_BUF);
    }
    void become(int number) const { ::dup2(writes_.get(), number); }
    /// What was written to it since it was full, by processes that have it; until all have ended.
    std::string rest() {
        writes_.close();
        std::string all;
        char buffer[4096];
        for (ssize_t got = 0; (got = ::read(reads_.get(), buffer, sizeof buffer)) > 0;) {
            all.append(buffer, static_cast<std::size_t>(got));
        }
        return all.substr(size_);
    }

  private:
    descriptor reads_, writes_;
    std::size_t size_ = 0;
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

TEST(standard_output, that_is_full_and_does_not_wait_is_written_as_soon_as_it_has_room) {
    const workplace place;
    full_pipe pipe(O_NONBLOCK);
    std::string said;
    const outcome_of_run got = place.run_prepared([&] { pipe.become(STDOUT_FILENO); }, "list",
                                                  [&](pid_t child) {
                                                      test::wait_until_asleep(child);
                                                      said = pipe.rest();
                                                  });
    EXPECT_EQ(got.exit_code, 0) << got.err;
    EXPECT_EQ(said, place.run("list").out);
}

TEST(standard_error, that_is_full_and_not_read_holds_up_no_study) {
    const workplace place;
    full_pipe pipe(0);
    const outcome_of_run got = place.run_prepared([&] { pipe.become(STDERR_FILENO); },
                                                  two_rounds + std::string("--out r.json"));
    EXPECT_EQ(got.exit_code, 0);
    EXPECT_TRUE(nlohmann::json::accept(place.content_of("r.json")));
}

TEST(standard_error, that_takes_a_part_of_what_is_said_and_is_not_read_holds_up_nothing) {
    const workplace place;
    full_pipe pipe(0);
    pipe.make_room();
    const outcome_of_run got =
        place.run_prepared([&] { pipe.become(STDERR_FILENO); },
                           "run --" + std::string(std::size_t{3} * PIPE_BUF, 'x'));
    EXPECT_EQ(got.exit_code, 2);
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
