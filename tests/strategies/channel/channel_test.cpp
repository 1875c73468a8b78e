#include "strategies/engines/channel/channel.hpp"

#include <gtest/gtest.h>

#include "harness/plan/build_plan.hpp"
#include "strategies/engines/worker/in_process_witness.hpp"
#include "strategies/engines/worker/worker_loop.hpp"
#include "tests/support.hpp"

namespace stratbench {
namespace {

/// Both ends of a channel in one thread.
class channel_ends : public testing::Test {
  protected:
    void push(std::uint64_t id, void* tag = nullptr) {
        task t;
        t.id = id;
        t.workload = workload_index("noop");
        line.stage(t, {.tag = tag});
        line.publish();
    }
    /// The worker claims and answers `count` tasks; the value is the id.
    void answer(std::uint32_t count) {
        ASSERT_EQ(worker.claim(count), count);
        for (std::uint32_t i = 0; i < count; ++i) {
            const std::uint32_t ticket = worker.first() + i;
            worker.answer(ticket).value = worker.at(ticket).id;
            static_cast<void>(worker.finish_last(ticket));
        }
    }
    std::vector<std::uint64_t> collect() {
        std::vector<std::uint64_t> values;
        line.collect([&](const task& t, owner_data, const reply& r) {
            EXPECT_EQ(t.id, r.value);
            values.push_back(r.value);
        });
        return values;
    }

    channel line{{.capacity = 4}};
    channel_worker worker{line.shared()};
};

using ids = std::vector<std::uint64_t>;

TEST_F(channel_ends, replies_come_back_in_order_for_many_times_the_capacity) {
    for (std::uint64_t id = 0; id < 100; id += 2) {
        push(id);
        push(id + 1);
        answer(2);
        ASSERT_EQ(collect(), (ids{id, id + 1}));
    }
    EXPECT_EQ(line.outstanding(), 0U);
}

TEST_F(channel_ends, has_no_room_beyond_its_capacity_until_replies_are_collected) {
    for (std::uint64_t id = 0; id < 4; ++id) {
        push(id);
    }
    EXPECT_FALSE(line.has_room(task{}));
    answer(1);
    EXPECT_FALSE(line.has_room(task{})) << "an uncollected reply still holds its slot";
    collect();
    EXPECT_TRUE(line.has_room(task{}));
}

TEST_F(channel_ends, only_what_the_worker_has_not_claimed_can_be_revoked) {
    int tags[3];
    push(0, &tags[0]);
    push(1, &tags[1]);
    push(2, &tags[2]);
    ASSERT_EQ(worker.claim(1), 1U);
    EXPECT_EQ(line.unclaimed(), 2U);
    ids revoked;
    EXPECT_EQ(line.revoke(10,
                          [&](const task& t, owner_data kept) {
                              EXPECT_EQ(kept.tag, &tags[t.id]);
                              revoked.push_back(t.id);
                          }),
              2U);
    EXPECT_EQ(revoked, (ids{2, 1})) << "the latest first";
    EXPECT_EQ(worker.claim(10), 0U);
    EXPECT_EQ(line.outstanding(), 1U);
}

TEST_F(channel_ends, what_was_revoked_can_be_replaced) {
    push(0);
    push(1);
    line.revoke(1, [](const task&, owner_data) {});
    push(7);
    answer(2);
    EXPECT_EQ(collect(), (ids{0, 7}));
}

TEST_F(channel_ends, abandoning_blames_the_task_that_was_being_executed) {
    for (std::uint64_t id = 0; id < 4; ++id) {
        push(id);
    }
    answer(1);
    ASSERT_EQ(worker.claim(2), 2U);
    collect();
    ids begun;
    ids untouched;
    line.abandon([&](const task& t, owner_data, bool was_begun) {
        (was_begun ? begun : untouched).push_back(t.id);
    });
    EXPECT_EQ(begun, (ids{1}));
    EXPECT_EQ(untouched, (ids{2, 3}));
}

TEST_F(channel_ends, abandoning_blames_nobody_when_nothing_was_claimed) {
    push(0);
    line.abandon([](const task&, owner_data, bool was_begun) { EXPECT_FALSE(was_begun); });
}

TEST_F(channel_ends, a_reply_to_a_task_that_was_not_handed_over_is_not_seen) {
    push(0);
    answer(1);
    worker.answer(1).sequence.store(2);
    EXPECT_EQ(collect(), (ids{0}));
    EXPECT_FALSE(line.has_replies());
}

TEST_F(channel_ends, a_reply_out_of_sequence_is_detected) {
    push(0);
    ASSERT_EQ(worker.claim(1), 1U);
    worker.answer(0).sequence.store(77);
    EXPECT_THROW(collect(), corrupt_channel);
}

TEST_F(channel_ends, the_number_of_the_lap_before_is_no_reply) {
    for (std::uint64_t id = 0; id < 4; ++id) {
        push(id);
    }
    answer(4);
    collect();
    push(4);
    EXPECT_FALSE(line.has_replies());
    EXPECT_EQ(collect(), ids{});
    answer(1);
    EXPECT_TRUE(line.has_replies());
    EXPECT_EQ(collect(), ids{4});
}

TEST_F(channel_ends, a_number_of_an_earlier_lap_than_the_one_before_is_detected) {
    for (std::uint64_t id = 0; id < 8; id += 4) {
        for (std::uint64_t i = 0; i < 4; ++i) {
            push(id + i);
        }
        answer(4);
        ASSERT_EQ(collect(), (ids{id, id + 1, id + 2, id + 3}));
    }
    push(8);
    // Slot 0 holds 5, the number of ticket 4.
    for (const std::uint32_t number : {1U, 2U, 4U, 6U, 8U}) {
        worker.answer(8).sequence.store(number);
        EXPECT_THROW(collect(), corrupt_channel) << number;
    }
    for (const std::uint32_t number : {0U, 5U}) {
        worker.answer(8).sequence.store(number);
        EXPECT_EQ(collect(), ids{}) << number;
    }
    worker.answer(8).value = 8;
    worker.answer(8).sequence.store(9);
    EXPECT_EQ(collect(), ids{8});
}

TEST_F(channel_ends, the_task_being_executed_is_the_first_claimed_one_without_a_reply) {
    EXPECT_EQ(line.executing(), std::nullopt);
    push(0);
    push(1);
    EXPECT_EQ(line.executing(), std::nullopt) << "nobody has begun";
    ASSERT_EQ(worker.claim(2), 2U);
    EXPECT_EQ(line.executing(), 0U);
    static_cast<void>(worker.finish(0));
    line.collect([](const task&, owner_data, const reply&) {});
    EXPECT_EQ(line.executing(), 1U);
}

TEST_F(channel_ends, impossible_indices_are_detected) {
    push(0);
    line.shared().answers->window.store(0x00000001'00000009);
    EXPECT_THROW(static_cast<void>(line.unclaimed()), corrupt_channel);
    line.shared().answers->window.store(0xdeadbeef'00000000);
    EXPECT_THROW(line.revoke(1, [](const task&, owner_data) {}), corrupt_channel);
}

TEST_F(channel_ends, only_the_owner_can_map_the_requests_writable) {
    EXPECT_THROW(shared_memory(descriptor(dup(line.request_fd())), true), std::system_error);
    EXPECT_NO_THROW(shared_memory(descriptor(dup(line.request_fd())), false));
}

TEST(channel, payloads_and_replies_travel_whole_around_the_end_of_their_arenas) {
    const std::vector<task> tasks = test::tasks_of("sqrt_values:n=300,step=7,reply=1001B", 200);
    const std::uint64_t longest = test::longest_payload(tasks);
    channel line({.capacity = 64,
                  .arena_bytes = (2 * longest + 63) / 64 * 64,
                  .reply_arena_bytes = std::uint64_t{5} * 1024});
    channel_worker worker(line.shared());
    in_process_witness witness(nullptr);
    std::size_t staged = 0;
    std::size_t returned = 0;
    while (returned < tasks.size()) {
        while (staged < tasks.size() && line.has_room(tasks[staged])) {
            line.stage(tasks[staged++], {});
        }
        ASSERT_GT(line.outstanding(), 0U) << "no room in an empty arena";
        line.publish();
        const std::uint32_t claimed = worker.claim(1);
        ASSERT_EQ(claimed, 1U);
        const std::uint32_t ticket = worker.first();
        execute_into({.work = worker.at(ticket),
                      .payload = worker.payload(ticket),
                      .reply_room = worker.reply_room(ticket)},
                     worker.answer(ticket), witness);
        static_cast<void>(worker.finish_last(ticket));
        line.collect([&](const task& t, owner_data, const reply& r) {
            EXPECT_EQ(r.value, test::reference_of(t));
            EXPECT_TRUE(is_reply_of(t, line.given_back(t)));
            ++returned;
        });
    }
}

TEST(channel, a_reply_that_was_changed_on_its_way_is_an_error_of_its_task) {
    const std::vector<task> tasks = test::tasks_of("noop:reply=100B", 2);
    channel line({.capacity = 4, .reply_arena_bytes = 256});
    channel_worker worker(line.shared());
    in_process_witness witness(nullptr);
    for (const task& t : tasks) {
        line.stage(t, {});
    }
    line.publish();
    ASSERT_EQ(worker.claim(2), 2U);
    for (const std::uint32_t ticket : {0U, 1U}) {
        execute_into({.work = worker.at(ticket), .reply_room = worker.reply_room(ticket)},
                     worker.answer(ticket), witness);
        static_cast<void>(worker.finish_last(ticket));
    }
    worker.reply_room(1)[99] ^= std::byte{1};
    std::vector<task_outcome> outcomes;
    line.collect([&](const task& t, owner_data, const reply& r) {
        outcomes.push_back(
            received(t, completion_of(t.id, r), line.given_back(t), witness).outcome);
    });
    EXPECT_EQ(outcomes, (std::vector{task_outcome::ok, task_outcome::error}));
}

TEST(channel, a_fork_servers_replies_come_back_in_any_order) {
    channel line({.capacity = 8, .max_live = 4});
    channel_worker worker(line.shared());
    for (std::uint64_t id = 0; id < 3; ++id) {
        task t;
        t.id = id;
        line.stage(t, {});
    }
    line.publish();
    ASSERT_EQ(worker.claim(3), 3U);
    ids order;
    for (const std::uint32_t ticket : {2U, 0U, 1U}) {
        static_cast<void>(worker.finish_last(ticket));
        line.collect([&](const task& t, owner_data, const reply&) { order.push_back(t.id); });
    }
    EXPECT_EQ(order, (ids{2, 0, 1}));
    EXPECT_EQ(line.outstanding(), 0U);
}

}  // namespace
}  // namespace stratbench
