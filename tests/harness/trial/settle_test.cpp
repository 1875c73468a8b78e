// Accounts of tasks that another program has executed: what is believed of them, and what they
// become.

#include <gtest/gtest.h>

#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/harness/trial/window_fixture.hpp"

namespace stratbench {
namespace {

using namespace test;

constexpr std::int64_t opened_ns = 1'000 * ms;
constexpr std::int64_t returned_ns = opened_ns + 500 * ms;

/// A window that has opened at `opened_ns`, and an account of each task: accepted and done at once.
struct settled {
    explicit settled(const cell& what) : run(what, never_ns, time), accounts(run.subject.most()) {
        for (std::uint64_t id = 0; id < accounts.size(); ++id) {
            tell(id, 1 + static_cast<std::int64_t>(id), 2);
        }
    }

    /// Task `id` was accepted so many ms after the opening and took so many.
    void tell(std::uint64_t id, std::int64_t accepted_ms, std::int64_t took_ms) {
        const std::int64_t at = opened_ns + accepted_ms * ms;
        accounts[id] = {.accepted_ns = at,
                        .started_ns = at,
                        .finished_ns = at + took_ms * ms,
                        .completed_ns = at + took_ms * ms,
                        .value = execute(run.subject.make(id), {}),
                        .endings = 1};
    }
    trial_record record() {
        run.subject.hand_back(accounts, sum_order::left_to_right);
        run.subject.settle(returned_ns);
        time.at_ns = returned_ns;
        return run.analyse();
    }
    std::string refusal() {
        try {
            record();
        } catch (const std::runtime_error& error) {
            return error.what();
        }
        return "";
    }

    told_time time;
    hand_driven run;
    std::vector<task_account> accounts;
};

TEST(settle, accounts_become_the_same_record_as_tasks_that_were_taken) {
    settled subject(batch_of(5));
    const trial_record record = subject.record();
    EXPECT_EQ(record.state, status::ok) << record.reason;
    EXPECT_EQ(record.outcomes.ok, 5U);
    EXPECT_EQ(record.elapsed_ns, 7 * ms);
    EXPECT_EQ(subject.run.subject.stamps().size(), 5U);
}

TEST(settle, a_task_that_follows_an_ending_was_due_when_that_was) {
    settled subject(closed(1, 3));
    subject.tell(0, 0, 10);
    subject.tell(1, 15, 10);
    subject.tell(2, 25, 10);
    ASSERT_EQ(subject.record().state, status::ok);
    const arrivals& load = subject.run.subject.schedule();
    EXPECT_EQ(load.due_ns(1), 10 * ms);
    EXPECT_EQ(load.due_ns(2), 25 * ms);
}

TEST(settle, what_was_not_accepted_is_unserved) {
    settled subject(batch_of(3));
    subject.accounts[2] = {};
    const trial_record record = subject.record();
    EXPECT_EQ(record.state, status::ok) << record.reason;
    EXPECT_EQ(record.outcomes.unserved, 1U);
}

TEST(settle, what_was_accepted_and_has_not_ended_vanished) {
    settled subject(batch_of(3));
    subject.accounts[1].endings = 0;
    EXPECT_EQ(subject.record().reason, "1 accepted tasks vanished");
}

TEST(settle, a_value_that_is_wrong_fails_the_trial) {
    settled subject(batch_of(3));
    subject.accounts[1].value ^= 1;
    EXPECT_NE(subject.record().reason.find("task 1"), std::string::npos);
}

TEST(settle, accounts_that_cannot_be_true_are_refused_in_one_line) {
    using change = std::function<void(std::vector<task_account>&)>;
    const std::vector<std::pair<const char*, change>> lies{
        {"task 1 ended more than once", [](auto& a) { a[1].endings = 2; }},
        {"task 2 ended but was never accepted", [](auto& a) { a[2].accepted_ns = 0; }},
        {"task 2 was accepted, and one before it was not", [](auto& a) { a[1] = {}; }},
        {"task 0 was accepted outside", [](auto& a) { a[0].accepted_ns = opened_ns - 1; }},
        {"task 2 was accepted outside", [](auto& a) { a[2].accepted_ns = returned_ns + 1; }},
        {"task 2 was accepted outside", [](auto& a) { a[2].accepted_ns = opened_ns; }},
        {"task 1 ended with an outcome", [](auto& a) { a[1].outcome = 9; }},
        {"task 1 was completed before", [](auto& a) { a[1].completed_ns = 1; }},
        {"or in the future", [](auto& a) { a[1].completed_ns = returned_ns + 1; }},
        {"task 1 was not stamped", [](auto& a) { a[1].started_ns = 0; }},
    };
    for (const auto& [refusal, lie] : lies) {
        settled subject(batch_of(3));
        lie(subject.accounts);
        EXPECT_NE(subject.refusal().find(refusal), std::string::npos)
            << refusal << " / " << subject.refusal();
    }
}

TEST(settle, a_task_that_was_accepted_before_it_was_due_is_refused) {
    settled open(constant(100));
    open.tell(1, 1, 1);
    for (std::uint64_t id = 2; id < open.accounts.size(); ++id) {
        open.accounts[id] = {};
    }
    EXPECT_EQ(open.refusal(), "task 1 was accepted before it was due");

    settled follows(closed(1, 2));
    follows.tell(0, 0, 10);
    follows.tell(1, 9, 10);
    EXPECT_EQ(follows.refusal(), "task 1 was accepted before it was due");
}

}  // namespace
}  // namespace stratbench
