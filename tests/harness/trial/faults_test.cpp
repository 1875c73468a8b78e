// The table of docs/faults.md, entry by entry: what becomes of tasks that misbehave, of the others,
// and of the trial.

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "harness/launch/launcher.hpp"
#include "harness/load/trace_file.hpp"
#include "harness/model/outcome_name.hpp"
#include "harness/plan/build_plan.hpp"
#include "harness/plan/request.hpp"
#include "strategies/contract/strategy.hpp"
#include "strategies/registry.hpp"
#include "tests/runnable.hpp"
#include "tests/sanitized.hpp"
#include "tests/temporary_file.hpp"
#include "tests/units.hpp"

namespace stratbench {
namespace {

/// Far longer than a task that behaves takes on a busy machine, and shorter than a late one.
constexpr std::int64_t timeout_ns = 500 * ms;
constexpr const char* lasting = "600ms";
constexpr std::uint64_t tasks = 10;
const std::atomic<bool> go_on{false};

struct entry {
    std::string strategy, kind, option, expected;

    [[nodiscard]] std::string name() const {
        return strategy + "_" + kind + (option.empty() ? "" : "_with_" + option);
    }
    friend void PrintTo(const entry& e, std::ostream* out) {
        *out << e.name() << ": " << e.expected;
    }
};

std::string trimmed(std::string text) {
    std::erase(text, '`');
    const std::size_t from = text.find_first_not_of(' ');
    if (from == std::string::npos) {
        return "";
    }
    return text.substr(from, text.find_last_not_of(' ') - from + 1);
}

std::vector<std::string> columns_of(const std::string& line) {
    std::vector<std::string> columns;
    std::istringstream parts(line.substr(1));
    for (std::string part; std::getline(parts, part, '|');) {
        columns.push_back(trimmed(part));
    }
    return columns;
}

/// The entries of the table whose first column is `strategy`.
std::vector<entry> read_table() {
    std::ifstream document(STRATBENCH_FAULTS_TABLE);
    std::string line;
    while (std::getline(document, line) && !line.starts_with("| strategy |")) {
    }
    std::vector<entry> table;
    if (line.empty()) {
        return table;
    }
    const std::vector<std::string> head = columns_of(line);
    std::getline(document, line);
    while (std::getline(document, line) && line.starts_with('|')) {
        const std::vector<std::string> row = columns_of(line);
        for (std::size_t i = 1; i < std::min(row.size(), head.size()); ++i) {
            const std::size_t comma = std::min(head[i].find(','), head[i].size());
            table.push_back({row[0], head[i].substr(0, comma),
                             trimmed(head[i].substr(std::min(comma + 1, head[i].size()))), row[i]});
        }
    }
    return table;
}

const std::vector<entry>& table() {
    static const std::vector<entry> read = read_table();
    return read;
}

cell cell_of(const std::string& strategy, const std::string& kind, bool timeout) {
    cell c;
    c.strategy = strategy;
    c.workload = "faults:kind=" + kind + ",every=5";
    if (kind == "late") {
        c.workload += std::string(",lasting=") + lasting;
    }
    c.workers = find_strategy(strategy).properties.in_caller ? 1 : 2;
    c.serial_ns = 100;
    c.load = {.kind = load_plan::shape::batch, .text = "batch", .tasks = tasks};
    if (timeout) {
        c.limits.task_timeout_ns = timeout_ns;
    }
    if (kind == "memory") {
        c.limits.worker_memory_bytes = 64U << 20;
    }
    return c;
}

/// Time for each part of a trial.
struct deadlines {
    std::int64_t start_ns = 60'000 * ms;
    std::int64_t slice_ns = 60'000 * ms;
};

trial_record launch(const cell& what, const deadlines& by = {}) {
    trial_request request;
    request.planned = what;
    request.warm_up_ns = 1 * ms;
    request.study_seed = 3;
    const auto running = start_trial(request, by.start_ns, go_on);
    running->measure(request.round, by.slice_ns);
    trial_record record = finish_trial(*running, by.slice_ns, go_on);
    EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1) << "a process is left";
    EXPECT_EQ(errno, ECHILD);
    return record;
}

std::string skip_reason(const entry& e) {
    run_request asked;
    asked.combinations = {{{e.strategy}, {"faults:kind=" + e.kind}, {"batch:10"}, {2}, ""}};
    asked.limits.worker_memory_bytes = 64U << 20;
    return build_plan(asked, [](const task_template&) { return 100.0; }).cells[0].skip_reason;
}

std::uint64_t count_of(const outcome_counts& counts, const std::string& outcome_name) {
    if (outcome_name == name_of(task_outcome::error)) {
        return counts.error;
    }
    if (outcome_name == name_of(task_outcome::crashed)) {
        return counts.crashed;
    }
    if (outcome_name == name_of(task_outcome::timed_out)) {
        return counts.timed_out;
    }
    ADD_FAILURE() << "the table says " << outcome_name;
    return 0;
}

class faults : public testing::TestWithParam<entry> {};

/// A program needs longer to start and to warm up on a busy machine.
deadlines time_until_hung(const entry& e) {
    constexpr std::int64_t slice_ns = 1'000 * ms;
    return {find_strategy(e.strategy).properties.own_program ? 8'000 * ms : slice_ns, slice_ns};
}

TEST_P(faults, end_as_the_table_says_and_nothing_else_does) {
    const entry& e = GetParam();
    if (const std::string why = test::not_runnable(find_strategy(e.strategy)); !why.empty()) {
        GTEST_SKIP() << why;
    }
    if (e.expected == "skipped") {
        EXPECT_NE(skip_reason(e), "");
        return;
    }
    if (e.kind == "memory") {
        EXPECT_EQ(skip_reason(e), "");
        if (test::sanitized) {
            GTEST_SKIP() << "a sanitizer needs more address space than any limit leaves it";
        }
    }
    const bool fails = e.expected.starts_with("fails");
    const std::string why = e.expected.starts_with("fails: ") ? e.expected.substr(7) : "";
    cell what = cell_of(e.strategy, e.kind, e.option == "timeout");
    const bool takes_all = e.expected == "all crashed";
    if (takes_all) {
        what.load.tasks = 20 * tasks;  // so that many come after the first that misbehaves
    }
    const bool may_hang = fails && (why.empty() || why == "hung");
    const trial_record record = launch(what, may_hang ? time_until_hung(e) : deadlines());
    if (fails) {
        EXPECT_EQ(record.state, status::failed);
        EXPECT_NE(record.reason.find(why), std::string::npos) << record.reason;
        return;
    }
    ASSERT_EQ(record.state, status::ok) << record.reason;
    const outcome_counts& o = record.outcomes;
    if (takes_all) {
        EXPECT_GT(o.crashed, o.due / 2) << "a few tasks crashed alone";
        EXPECT_EQ(o.due, o.ok + o.crashed);
        return;
    }
    EXPECT_EQ(o.accepted, tasks);
    const std::uint64_t misbehaved = e.expected == "ok" ? 0 : count_of(o, e.expected);
    EXPECT_EQ(misbehaved == 0, e.expected == "ok") << "none of the tasks misbehaved";
    EXPECT_EQ(o.ok, tasks - misbehaved) << "other tasks suffered as well";
    EXPECT_EQ(o.accepted, o.ok + o.error + o.crashed + o.timed_out + o.cancelled);
    EXPECT_EQ(std::count(record.labels.begin(), record.labels.end(), "task_failures"),
              misbehaved == 0 ? 0 : 1);
}

INSTANTIATE_TEST_SUITE_P(table, faults, testing::ValuesIn(table()),
                         [](const auto& about) { return about.param.name(); });

TEST(faults_table, has_every_strategy_and_every_kind) {
    std::set<std::string> strategies_in, kinds_in, all_strategies, all_kinds;
    for (const entry& e : table()) {
        strategies_in.insert(e.strategy);
        kinds_in.insert(e.kind);
    }
    for (const strategy_info* s : strategies()) {
        all_strategies.emplace(s->name);
    }
    all_strategies.erase("exec");  // that is its program's business
    const workload& w = *workloads()[workload_index("faults")];
    for (const std::string_view kind : w.parameters.front().choices) {
        all_kinds.emplace(kind);
    }
    all_kinds.erase("none");
    EXPECT_EQ(strategies_in, all_strategies);
    EXPECT_EQ(kinds_in, all_kinds);
    EXPECT_EQ(table().size(), all_strategies.size() * (all_kinds.size() + 2))
        << "late and hang are there with a time limit as well";
}

TEST(containment, a_task_that_kills_its_worker_is_tried_again_as_often_as_asked) {
    for (const char* strategy : {"pool_map", "apply_async", "async_process_pool"}) {
        cell c = cell_of(strategy, "kill", false);
        c.limits.retries = 2;
        const trial_record record = launch(c);
        ASSERT_EQ(record.state, status::ok) << strategy << ": " << record.reason;
        EXPECT_GT(record.outcomes.crashed, 0U) << strategy;
        EXPECT_EQ(record.contained.retries, 2 * record.outcomes.crashed) << strategy;
        EXPECT_GE(record.contained.workers_replaced, 1U) << strategy;
    }
}

TEST(containment, two_kinds_of_misbehaviour_share_the_tasks) {
    cell c = cell_of("async_process_pool", "throw,and=kill", false);
    c.load.tasks = 100;
    const trial_record record = launch(c);
    ASSERT_EQ(record.state, status::ok) << record.reason;
    EXPECT_GT(record.outcomes.error, 0U);
    EXPECT_GT(record.outcomes.crashed, 0U);
    EXPECT_EQ(record.outcomes.ok, 100 - record.outcomes.error - record.outcomes.crashed);
}

TEST(containment, what_no_worker_has_begun_at_the_windows_end_is_cancelled_where_that_is_asked) {
    std::string all_at_once;
    for (int i = 0; i < 20; ++i) {
        all_at_once += "0\n";
    }
    const test::temporary_file file(all_at_once);
    for (const char* strategy : {"apply_async", "async_process_pool", "async_thread_pool"}) {
        cell c;
        c.strategy = strategy;
        c.workload = "noop:wait=20ms";
        // Work for 400 ms, which a drain of another window would end.
        c.load = {.kind = load_plan::shape::trace,
                  .text = "t",
                  .tasks = 20,
                  .rate_per_s = 60,
                  .trace = trace_plan{file.path(), 1, read_trace(file.path(), 1).hash}};
        c.window_ns = 300 * ms;
        c.cancel_pending = true;
        const trial_record record = launch(c);
        ASSERT_EQ(record.state, status::ok) << strategy << ": " << record.reason;
        EXPECT_EQ(record.outcomes.due, 20U) << strategy;
        EXPECT_GT(record.outcomes.cancelled, 0U) << strategy;
        EXPECT_EQ(record.outcomes.accepted, record.outcomes.ok + record.outcomes.cancelled);
    }
}

}  // namespace
}  // namespace stratbench
