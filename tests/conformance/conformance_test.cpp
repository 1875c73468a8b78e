// Every strategy, in each of its variants, x {1, 2, 4} workers (2 for a strategy that is a program
// of its own), executes every workload, one after the other: each task ends once, with the right
// value, and nothing is left behind.

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/base/clock.hpp"
#include "strategies/contract/strategy.hpp"
#include "strategies/registry.hpp"
#include "tests/runnable.hpp"
#include "tests/support.hpp"

namespace stratbench {
namespace {

/// Texts of the strategies: each as it is, and with each value of its parameters that has a name.
std::vector<std::string> variants() {
    std::vector<std::string> found = {"pool_map:chunk=4"};
    for (const strategy_info* info : test::runnable_strategies()) {
        found.emplace_back(info->name);
        for (const parameter& p : info->parameters) {
            for (const std::string_view choice : p.choices) {
                if (choice == p.fallback) {
                    continue;
                }
                const spec variant{.name = std::string(info->name),
                                   .items = {{std::string(p.name), std::string(choice)}}};
                if (info->why_unavailable(variant).empty()) {
                    found.push_back(variant.text());
                }
            }
        }
    }
    return found;
}

/// A strategy's text, and how many workers.
using combination = std::pair<std::string, int>;

/// Enough tasks to keep four workers at it and to wrap around batches, few for what makes a process
/// or a whole pool for each, and fewest where that is an interpreter.
std::size_t task_count(const strategy_info& info, const workload& work) {
    if (test::is_slow(info)) {
        return info.properties.own_program ? 6 : 12;
    }
    if (info.name == "process_per_task" || work.works_elsewhere) {
        return 60;
    }
    return info.properties.own_program ? 200 : 1000;
}

/// Gives its tasks all at once or, as they come under an open load, one by one; ahead, where that
/// is asked, all at once or a few at a time.
class conformance_source final : public task_source, public window_ahead {
  public:
    conformance_source(const std::vector<task>& all, bool together, completion_sink& into)
        : all_(all), tasks_(all), at_once_(together), sink_(into) {}
    take_result take(std::span<task> into, take_mode mode) override {
        return tasks_.take(at_once_ ? into : into.first(1), mode);
    }

    window_ahead* ahead() override { return this; }
    [[nodiscard]] std::uint64_t most() const override { return all_.size(); }
    [[nodiscard]] task make(std::uint64_t id) const override { return all_[id]; }
    [[nodiscard]] arrival_rule rule() const override {
        return at_once_ ? arrival_rule{}
                        : arrival_rule{.kind = arrival_rule::shape::closed, .at_once = 3};
    }
    [[nodiscard]] std::int64_t due_ns(std::uint64_t /*id*/) const override { return 0; }
    [[nodiscard]] std::int64_t opened_ns() const override { return opened_ns_; }
    void hand_back(std::span<const task_account> accounts, sum_order /*floats*/) override {
        for (std::uint64_t id = 0; id < accounts.size(); ++id) {
            const task_account& a = accounts[id];
            EXPECT_LT(opened_ns_, a.accepted_ns);
            EXPECT_LE(a.accepted_ns, a.started_ns);
            EXPECT_LE(a.finished_ns, a.completed_ns);
            const completion done{id, a.value, a.started_ns, a.finished_ns,
                                  static_cast<task_outcome>(a.outcome)};
            for (std::uint32_t i = 0; i < a.endings; ++i) {
                sink_.complete({&done, 1});
            }
        }
    }

  private:
    const std::vector<task>& all_;
    test::list_source tasks_;
    bool at_once_;
    completion_sink& sink_;
    std::int64_t opened_ns_ = now_ns();
};

/// The workloads that a strategy executes.
std::vector<const workload*> executed_by(const strategy_info& info) {
    std::vector<const workload*> found;
    std::ranges::copy_if(workloads(), std::back_inserter(found),
                         [&info](const workload* each) { return info.executes(*each); });
    return found;
}

std::vector<task> tasks_for(const strategy_info& info, const workload& work) {
    std::string text(work.name);
    if (work.has_size) {
        text += ":n=257,step=3";
    }
    return test::tasks_of(text, task_count(info, work), 42);
}

void expect_each_once(strategy& subject, const std::vector<task>& tasks, bool together) {
    test::keeping_sink sink;
    conformance_source source(tasks, together, sink);
    subject.run(source, sink);
    const std::vector<completion> done = sink.by_id();
    ASSERT_EQ(done.size(), tasks.size());
    for (std::size_t i = 0; i < done.size(); ++i) {
        ASSERT_EQ(done[i].id, i) << "a task ended twice or never";
        ASSERT_EQ(done[i].outcome, task_outcome::ok) << "task " << i;
        ASSERT_TRUE(workloads()[tasks[i].workload]->matches(tasks[i], done[i].value,
                                                            test::reference_of(tasks[i])))
            << "task " << i;
        ASSERT_LT(0, done[i].started_ns);
        ASSERT_LE(done[i].started_ns, done[i].finished_ns);
    }
}

class conformance : public testing::TestWithParam<combination> {};

TEST_P(conformance, every_task_ends_once_with_the_right_value) {
    const auto& [variant, workers] = GetParam();
    const spec described = parse_spec(variant, "strategy");
    const strategy_info& info = find_strategy(described.name);
    std::uint32_t longest = 0;
    for (const workload* work : executed_by(info)) {
        longest = std::max(longest, test::longest_payload(tasks_for(info, *work)));
    }
    process_ledger ledger;
    const auto subject = make_strategy(described);
    subject->start({.workers = workers, .max_payload_bytes = longest, .ledger = &ledger});
    // A strategy survives from one run to the next, whatever the tasks are.
    for (const workload* work : executed_by(info)) {
        for (const bool together : {true, false}) {
            SCOPED_TRACE(std::string(work->name) + (together ? ", together" : ", one by one"));
            ASSERT_NO_FATAL_FAILURE(expect_each_once(*subject, tasks_for(info, *work), together));
        }
    }
    subject->stop();
    EXPECT_TRUE(ledger.read().living.empty());
    EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1) << "a child process is left";
    EXPECT_EQ(errno, ECHILD);
}

std::string name_of(const testing::TestParamInfo<combination>& about) {
    const auto& [variant, workers] = about.param;
    std::string name = variant;
    std::replace_if(
        name.begin(), name.end(), [](char c) { return c == ':' || c == '='; }, '_');
    return name + "_on_" + std::to_string(workers);
}

std::vector<combination> matrix() {
    std::vector<combination> all;
    for (const std::string& variant : variants()) {
        const bool own = find_strategy(parse_spec(variant, "").name).properties.own_program;
        for (const int workers : own ? std::vector{2} : std::vector{1, 2, 4}) {
            all.emplace_back(variant, workers);
        }
    }
    return all;
}

INSTANTIATE_TEST_SUITE_P(matrix, conformance, testing::ValuesIn(matrix()), name_of);

}  // namespace
}  // namespace stratbench
