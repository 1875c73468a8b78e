// Strategies that look fast because they cheat: each is caught, by its wrong value, by its record
// or by a speed that no CPU has.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/judge/ranking.hpp"
#include "harness/judge/summarise.hpp"
#include "harness/model/labels.hpp"
#include "tests/oracle/simulation.hpp"

namespace stratbench::oracle {
namespace {

using testing::HasSubstr;

constexpr std::int64_t honest_ns = 1 * ms;

std::int64_t honest(std::uint64_t /*id*/) {
    return honest_ns;
}

cell batch_cell(const std::string& strategy, std::uint64_t tasks = 100) {
    cell what = simulated_cell(batch_of(tasks), 0);
    what.strategy = strategy;
    what.workload = "sqrt_log:n=100";
    return what;
}

template <class Cheat>
trial_record caught() {
    simulated_time time;
    Cheat server(time, honest);
    return simulate(batch_cell("cheat"), server, time);
}

struct skips_the_work final : simulated_server {
    using simulated_server::simulated_server;
    void serve(const task& next, completion_sink& sink) override {
        const std::int64_t now = time.now();
        complete({next.id, 0, now, now, task_outcome::ok}, sink);
    }
};

struct skips_one_task final : simulated_server {
    using simulated_server::simulated_server;
    void serve(const task& next, completion_sink& sink) override {
        if (next.id != 57) {
            return simulated_server::serve(next, sink);
        }
        complete({next.id, 1, time.now(), time.now(), task_outcome::ok}, sink);
    }
};

struct completes_twice final : simulated_server {
    using simulated_server::simulated_server;
    void serve(const task& next, completion_sink& sink) override {
        simulated_server::serve(next, sink);
        if (next.id == 31) {
            simulated_server::serve(next, sink);
        }
    }
};

struct returns_early final : simulated_server {
    using simulated_server::simulated_server;
    void serve(const task& next, completion_sink& sink) override {
        if (next.id != 99) {
            simulated_server::serve(next, sink);
        }
    }
};

/// Says that a task is done, and does it afterwards.
struct completes_before_the_work final : simulated_server {
    using simulated_server::simulated_server;
    void serve(const task& next, completion_sink& sink) override {
        const std::int64_t started = time.now();
        complete({next.id, execute(next, {}), started, started + honest_ns, task_outcome::ok},
                 sink);
        time.advance(honest_ns);
    }
};

TEST(cheat, that_skips_the_work_is_caught_by_its_values) {
    const trial_record record = caught<skips_the_work>();
    EXPECT_EQ(record.state, status::failed);
    EXPECT_THAT(record.reason, HasSubstr("task 0 (n=100) returned 0"));
}

TEST(cheat, that_skips_one_task_of_many_is_caught) {
    const trial_record record = caught<skips_one_task>();
    EXPECT_EQ(record.state, status::failed);
    EXPECT_THAT(record.reason, HasSubstr("task 57 "));
}

TEST(cheat, that_completes_a_task_twice_is_caught) {
    const trial_record record = caught<completes_twice>();
    EXPECT_EQ(record.state, status::failed);
    EXPECT_THAT(record.reason, HasSubstr("1 completions of tasks that had ended already"));
}

TEST(cheat, that_returns_before_the_last_task_has_ended_is_caught) {
    const trial_record record = caught<returns_early>();
    EXPECT_EQ(record.state, status::failed);
    EXPECT_THAT(record.reason, HasSubstr("1 accepted tasks vanished"));
}

TEST(cheat, that_completes_a_task_before_it_is_done_is_caught) {
    const trial_record record = caught<completes_before_the_work>();
    EXPECT_EQ(record.state, status::failed);
    EXPECT_THAT(record.reason, HasSubstr("before it was done"));
}

/// A cell of five trials in which a task takes `service_ns`.
cell_result measured(const std::string& strategy, std::int64_t service_ns) {
    cell_result result;
    result.planned = batch_cell(strategy);
    for (int round = 0; round < 5; ++round) {
        simulated_time time;
        simulated_server server(time, [=](std::uint64_t) { return service_ns + round * us; });
        result.trials.push_back(simulate(result.planned, server, time, 1, round));
        result.trials.back().cpu.serial_task_ns = static_cast<double>(honest_ns);
    }
    result.summary = summarise(result.planned, result.trials);
    return result;
}

TEST(cheat, that_knows_the_right_values_without_the_work_gets_no_verdict) {
    study_results study;
    study.cells = {measured("honest", honest_ns), measured("remembers", honest_ns / 10),
                   measured("slow", 2 * honest_ns)};
    const auto ranked = rank(study);
    ASSERT_EQ(ranked.size(), 1U);
    EXPECT_THAT(ranked[0].verdict, HasSubstr("withheld, faster than the CPUs allow: remembers"));
    EXPECT_EQ(ranked[0].answer.candidates, std::vector<std::string>{"honest"});
}

TEST(cheat, is_not_what_an_honest_strategy_is_called) {
    study_results study;
    study.cells = {measured("honest", honest_ns), measured("slow", 2 * honest_ns)};
    for (const cell_result& cell : study.cells) {
        for (const trial_record& trial : cell.trials) {
            EXPECT_EQ(trial.state, status::ok);
        }
    }
    EXPECT_THAT(rank(study)[0].verdict, testing::Not(HasSubstr("withheld")));
}

}  // namespace
}  // namespace stratbench::oracle
