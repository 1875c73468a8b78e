#include "harness/trial/event_stream.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/base/files/output.hpp"
#include "harness/load/arrivals.hpp"
#include "tests/temporary_file.hpp"

namespace stratbench {
namespace {

using nlohmann::json;

/// A window of a batch, by hand, and its completion stream into `fd`.
class streamed_window {
  public:
    explicit streamed_window(int fd, std::uint64_t tasks = 10)
        : request(request_into(fd, tasks)),
          stream(request, request.round),
          subject(
              make_arrivals(request.planned, 1, 0),
              {.model = resolve_workload(parse_spec("noop", "workload")), .listener = &stream}) {
        stream.begin(subject);
        subject.open();
    }

    task take() {
        task t;
        subject.take({&t, 1}, take_mode::wait);
        return t;
    }
    void complete(const completion& done) { subject.complete({&done, 1}); }

    static trial_request request_into(int fd, std::uint64_t tasks) {
        trial_request result;
        result.planned.strategy = "sync";
        result.planned.workload = "noop";
        result.planned.load = {.kind = load_plan::shape::batch, .text = "a\"b", .tasks = tasks};
        result.round = 7;
        result.study_id = "study-1";
        result.events_fd = fd;
        return result;
    }

    trial_request request;
    event_stream stream;
    window subject;
};

std::string line_from(int fd) {
    std::string line;
    char next = 0;
    while (::read(fd, &next, 1) == 1 && next != '\n') {
        line += next;
    }
    return line;
}

TEST(event_stream, a_completion_is_a_line_while_the_window_is_still_open) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const descriptor read(ends[0]), write(ends[1]);
    streamed_window run(write.get());
    const task first = run.take();
    const task second = run.take();
    const std::int64_t now = now_ns();
    run.complete({second.id, 0, now - 5, now, task_outcome::ok});
    // Comes although nothing else happens.
    const json line = json::parse(line_from(read.get()));
    EXPECT_EQ(line["study"], "study-1");
    EXPECT_EQ(line["cell"], run.request.planned.name());
    EXPECT_EQ(line["round"], 7);
    EXPECT_EQ(line["id"], 1);
    EXPECT_EQ(line["outcome"], "ok");
    EXPECT_EQ(line["due_ns"], 0);
    EXPECT_LE(line["due_ns"], line["accepted_ns"]);
    EXPECT_EQ(line["started_ns"], now - 5 - run.subject.opened_ns());
    EXPECT_EQ(line["finished_ns"], now - run.subject.opened_ns());
    EXPECT_LE(line["finished_ns"], line["completed_ns"]);

    run.complete({first.id, 0, 0, 0, task_outcome::timed_out});
    const json without_instants = json::parse(line_from(read.get()));
    EXPECT_EQ(without_instants["id"], 0);
    EXPECT_EQ(without_instants["outcome"], "timed_out");
    EXPECT_FALSE(without_instants.contains("started_ns")) << "not known";
    EXPECT_FALSE(without_instants.contains("finished_ns"));
    EXPECT_EQ(run.stream.finish(), "");
}

TEST(event_stream, a_reader_that_goes_away_is_the_end_of_the_stream_and_of_nothing_else) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    descriptor read(ends[0]);
    const descriptor write(ends[1]);
    streamed_window run(write.get());
    read.close();
    run.complete({run.take().id, 0, 0, 0, task_outcome::ok});
    EXPECT_EQ(run.stream.finish(), "Broken pipe");
    EXPECT_EQ(run.subject.endings()[0].outcome, task_outcome::ok);
    EXPECT_NE(run.subject.endings()[0].completed_ns, 0);
}

TEST(event_stream, a_full_disk_leaves_whole_lines) {
    const test::temporary_file file("");
    const descriptor write = output(file.path()).open_for_lines();
    // A file that may not grow beyond an odd size stands for the full disk.
    rlimit before{};
    ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
    ASSERT_NE(::signal(SIGXFSZ, SIG_IGN), SIG_ERR);
    rlimit small = before;
    small.rlim_cur = 1000;
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
    {
        streamed_window run(write.get(), 100);
        for (int i = 0; i < 100; ++i) {
            run.complete({run.take().id, 0, 0, 0, task_outcome::ok});
        }
        EXPECT_NE(run.stream.finish().find("RLIMIT_FSIZE, ulimit -f: 1000 bytes"),
                  std::string::npos)
            << run.stream.finish();
    }
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
    std::ifstream lines(file.path());
    std::string line;
    std::size_t bytes = 0;
    for (int id = 0; std::getline(lines, line); ++id) {
        EXPECT_EQ(json::parse(line)["id"], id);
        bytes += line.size() + 1;
    }
    EXPECT_GT(bytes, 500U);
    EXPECT_EQ(bytes, std::filesystem::file_size(file.path())) << "the last line is whole as well";
}

TEST(event_stream, a_completion_of_a_task_that_was_never_given_has_no_line) {
    const test::temporary_file file("");
    const descriptor write = output(file.path()).open_for_lines();
    streamed_window run(write.get());
    run.complete({5, 0, 0, 0, task_outcome::ok});
    EXPECT_EQ(run.stream.finish(), "");
    EXPECT_EQ(std::filesystem::file_size(file.path()), 0U);
}

}  // namespace
}  // namespace stratbench
