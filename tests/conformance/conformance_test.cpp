// Every strategy x every workload x {1, 2, 4} workers: each task ends once, with the right value,
// and nothing is left behind.

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cerrno>
#include <string>
#include <tuple>

#include "tests/support.hpp"

namespace stratbench {
namespace {

using combination = std::tuple<const strategy_info*, const workload*, int>;

/// Enough tasks to keep four workers at it and to wrap around batches, few for what makes a process
/// or a whole pool for each.
std::size_t task_count(std::string_view strategy_name) {
    if (strategy_name == "pool_per_task") return 12;
    return strategy_name == "process_per_task" ? 60 : 1000;
}

class conformance : public testing::TestWithParam<combination> {};

TEST_P(conformance, every_task_ends_once_with_the_right_value) {
    const auto& [info, work, workers] = GetParam();
    std::string text(work->name);
    if (work->has_size) text += ":n=257,step=3";
    const std::vector<task> tasks = test::tasks_of(text, task_count(info->name), 42);

    process_ledger ledger;
    const auto subject = info->make(parse_spec(info->name, "strategy"));
    subject->start(
        {.workers = workers, .max_payload_bytes = test::longest_payload(tasks), .ledger = &ledger});
    // Twice: a strategy survives from one run to the next.
    for (int run = 0; run < 2; ++run) {
        test::list_source source(tasks);
        test::keeping_sink sink;
        subject->run(source, sink);
        const std::vector<completion> done = sink.by_id();
        ASSERT_EQ(done.size(), tasks.size());
        for (std::size_t i = 0; i < done.size(); ++i) {
            ASSERT_EQ(done[i].id, i) << "a task ended twice or never";
            ASSERT_EQ(done[i].what, outcome::ok);
            ASSERT_TRUE(work->matches(tasks[i], done[i].value, test::reference_of(tasks[i])))
                << "task " << i << " of " << text;
            ASSERT_LT(0, done[i].started_ns);
            ASSERT_LE(done[i].started_ns, done[i].finished_ns);
        }
    }
    subject->stop();
    EXPECT_TRUE(ledger.read().living.empty());
    EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1) << "a child process is left";
    EXPECT_EQ(errno, ECHILD);
}

/// Gives its tasks one by one, as they come under an open load.
class one_by_one_source final : public task_source {
  public:
    explicit one_by_one_source(std::vector<task> all) : tasks(std::move(all)) {}
    take_result take(std::span<task> into, take_mode mode) override {
        return tasks.take(into.first(1), mode);
    }

  private:
    test::list_source tasks;
};

TEST(coroutines_of_asio, have_the_task_that_they_were_started_for_and_no_later_one) {
    const std::vector<task> tasks = test::tasks_of("noop", 1000);
    process_ledger ledger;
    const auto subject = make_strategy(parse_spec("async_process_pool:coroutine=asio", "strategy"));
    subject->start({.workers = 2, .ledger = &ledger});
    one_by_one_source source(tasks);
    test::keeping_sink sink;
    subject->run(source, sink);
    const std::vector<completion> done = sink.by_id();
    ASSERT_EQ(done.size(), tasks.size());
    for (std::size_t i = 0; i < done.size(); ++i) {
        ASSERT_EQ(done[i].id, i) << "a task ended twice or never";
    }
}

std::string name_of(const testing::TestParamInfo<combination>& about) {
    const auto& [info, work, workers] = about.param;
    return std::string(info->name) + "_runs_" + std::string(work->name) + "_on_" +
           std::to_string(workers);
}

INSTANTIATE_TEST_SUITE_P(matrix, conformance,
                         testing::Combine(testing::ValuesIn(strategies().begin(),
                                                            strategies().end()),
                                          testing::ValuesIn(workloads().begin(), workloads().end()),
                                          testing::Values(1, 2, 4)),
                         name_of);

}  // namespace
}  // namespace stratbench
