// A stall of 200 ms in the middle of a constant load: every task that was due meanwhile waited, and
// the percentiles must say so.

#include <gtest/gtest.h>

#include "tests/oracle/truth.hpp"

namespace stratbench::oracle {
namespace {

constexpr double rate_per_s = 1000;
constexpr std::int64_t gap_ns = 1 * ms;
constexpr std::int64_t service_ns = 100 * us;
constexpr std::int64_t stalled_window_ns = 10 * second;
constexpr std::int64_t stall_ns = 200 * ms;
constexpr std::uint64_t stalled_tasks = 10'000;
constexpr std::uint64_t stalled_task = 5'000;

/// Deaf for 200 ms from the moment at which task 5,000 is due.
class stalling_server final : public simulated_server {
  public:
    explicit stalling_server(simulated_time& in)
        : simulated_server(in, [](std::uint64_t) { return service_ns; }) {}

  private:
    void serve(const task& next, completion_sink& sink) override {
        simulated_server::serve(next, sink);
        // Nothing is due until the next task of the constant load.
        if (next.id + 1 == stalled_task) {
            time.sleep_until(time.now() + gap_ns - service_ns);
            time.advance(stall_ns);
        }
    }
};

/// Task 5,000 + k is due k ms after the stall began and starts when those before it are done.
std::vector<std::int64_t> analytic_latencies() {
    std::vector<std::int64_t> latencies;
    for (std::int64_t id = 0; id < static_cast<std::int64_t>(stalled_tasks); ++id) {
        const std::int64_t k = id - static_cast<std::int64_t>(stalled_task);
        const std::int64_t behind = k < 0 ? 0 : stall_ns - k * (gap_ns - service_ns);
        latencies.push_back(service_ns + std::max<std::int64_t>(0, behind));
    }
    return latencies;
}

class stall : public testing::Test {
  protected:
    void SetUp() override {
        simulated_time time;
        stalling_server server(time);
        record = simulate(
            simulated_cell(open_load(load_plan::shape::constant, rate_per_s), stalled_window_ns),
            server, time);
        ASSERT_EQ(record.state, status::ok) << record.reason;
        ASSERT_TRUE(record.latency && record.service);
    }

    trial_record record;
};

TEST_F(stall, shows_in_the_latency_exactly_as_computed) {
    expect_percentiles_of(*record.latency, analytic_latencies());
    EXPECT_GT(record.latency->p99, 100e6) << "2.2 % of the tasks waited";
}

TEST_F(stall, would_be_hidden_by_counting_from_when_a_task_was_started) {
    EXPECT_NEAR(record.service->p999, static_cast<double>(service_ns), 100);
    EXPECT_EQ(record.service->max, static_cast<double>(service_ns));
}

TEST_F(stall, is_the_front_ends) {
    EXPECT_EQ(record.front_end.longest_stall_ns, stall_ns);
    // From 100 us after the first due task until the backlog is gone: each later task also waited.
    const std::int64_t backlog_ns = stall_ns * gap_ns / (gap_ns - service_ns);
    EXPECT_NEAR(record.front_end.blocked_fraction,
                static_cast<double>(backlog_ns) / static_cast<double>(stalled_window_ns), 0.0002);
    EXPECT_EQ(record.outcomes.ok, stalled_tasks);
    EXPECT_TRUE(record.labels.empty());
}

}  // namespace
}  // namespace stratbench::oracle
