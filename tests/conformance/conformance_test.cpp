// Every strategy, in each of its variants, x every workload x {1, 2, 4} workers: each task ends
// once, with the right value, and nothing is left behind.

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "strategies/registry.hpp"
#include "tests/support.hpp"

namespace stratbench {
namespace {

/// Texts of the strategies: each as it is, and with each value of its parameters that has a name.
std::vector<std::string> variants() {
    std::vector<std::string> found = {"pool_map:chunk=4"};
    for (const strategy_info* info : strategies()) {
        found.emplace_back(info->name);
        for (const parameter& p : info->parameters) {
            for (const std::string_view choice : p.choices) {
                if (choice == p.fallback) {
                    continue;
                }
                found.push_back(spec{.name = std::string(info->name),
                                     .items = {{std::string(p.name), std::string(choice)}}}
                                    .text());
            }
        }
    }
    return found;
}

using combination = std::tuple<std::string, const workload*, int>;

/// Enough tasks to keep four workers at it and to wrap around batches, few for what makes a process
/// or a whole pool for each.
std::size_t task_count(std::string_view variant, const workload& work) {
    if (variant == "pool_per_task") {
        return 12;
    }
    return variant == "process_per_task" || work.works_elsewhere ? 60 : 1000;
}

/// Gives its tasks all at once or, as they come under an open load, one by one.
class conformance_source final : public task_source {
  public:
    conformance_source(const std::vector<task>& all, bool together)
        : tasks_(all), at_once_(together) {}
    take_result take(std::span<task> into, take_mode mode) override {
        return tasks_.take(at_once_ ? into : into.first(1), mode);
    }

  private:
    test::list_source tasks_;
    bool at_once_;
};

class conformance : public testing::TestWithParam<combination> {};

TEST_P(conformance, every_task_ends_once_with_the_right_value) {
    const auto& [variant, work, workers] = GetParam();
    std::string text(work->name);
    if (work->has_size) {
        text += ":n=257,step=3";
    }
    const std::vector<task> tasks = test::tasks_of(text, task_count(variant, *work), 42);

    process_ledger ledger;
    const auto subject = make_strategy(parse_spec(variant, "strategy"));
    subject->start(
        {.workers = workers, .max_payload_bytes = test::longest_payload(tasks), .ledger = &ledger});
    // Twice: a strategy survives from one run to the next.
    for (const bool together : {true, false}) {
        conformance_source source(tasks, together);
        test::keeping_sink sink;
        subject->run(source, sink);
        const std::vector<completion> done = sink.by_id();
        ASSERT_EQ(done.size(), tasks.size());
        for (std::size_t i = 0; i < done.size(); ++i) {
            ASSERT_EQ(done[i].id, i) << "a task ended twice or never";
            ASSERT_EQ(done[i].outcome, task_outcome::ok);
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

std::string name_of(const testing::TestParamInfo<combination>& about) {
    const auto& [variant, work, workers] = about.param;
    std::string name = variant;
    std::replace_if(
        name.begin(), name.end(), [](char c) { return c == ':' || c == '='; }, '_');
    return name + "_runs_" + std::string(work->name) + "_on_" + std::to_string(workers);
}

INSTANTIATE_TEST_SUITE_P(matrix, conformance,
                         testing::Combine(testing::ValuesIn(variants()),
                                          testing::ValuesIn(workloads().begin(), workloads().end()),
                                          testing::Values(1, 2, 4)),
                         name_of);

}  // namespace
}  // namespace stratbench
