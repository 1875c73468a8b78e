// Queues that are measured in windows of 50 ms, as the plan's lead-ins have them: the latency must
// be that of a queue which has always been there. Source of the formulas: L. Kleinrock, Queueing
// Systems, volume 1 (1975), chapter 3.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <queue>

#include "harness/plan/build_plan.hpp"
#include "harness/plan/request.hpp"
#include "tests/oracle/simulation.hpp"

namespace stratbench::oracle {
namespace {

constexpr std::int64_t slice_window_ns = 50 * ms;
constexpr double within = 0.02;

/// The cell that a plan makes of tasks of that length under that part of what the servers can do.
cell planned(double utilisation, std::int64_t service_ns, int servers) {
    run_request asked;
    asked.combinations = {{{"pool_map"}, {"noop"}, {}, {1}, {}}};
    asked.combinations[0].loads = {
        "poisson:" + std::to_string(utilisation * servers * 1e9 / static_cast<double>(service_ns)) +
        "/s"};
    asked.trial_length_ns = slice_window_ns;
    cell made = build_plan(asked, [&](const task_template&) {
                    // One server that is as fast as all of them together.
                    return static_cast<double>(service_ns) / servers;
                }).cells.front();
    return made;
}

/// Several servers and one queue, in simulated time: a task that is taken begins when the first of
/// them is free.
class simulated_servers final : public strategy {
  public:
    simulated_servers(simulated_time& in, std::size_t servers, std::int64_t service)
        : time_(in), free_at_(servers), service_ns_(service) {}

    void start(const start_options& /*options*/) override {}
    void request_stop(stop_mode /*mode*/) override {}
    void stop() override {}

    void run(task_source& source, completion_sink& sink) override {
        using ending = std::pair<std::int64_t, completion>;
        const auto later = [](const ending& a, const ending& b) { return a.first > b.first; };
        std::priority_queue<ending, std::vector<ending>, decltype(later)> running(later);
        const auto finish_next = [&] {
            time_.sleep_until(running.top().first);
            sink.complete({&running.top().second, 1});
            running.pop();
        };
        for (task next;;) {
            const take_result taken = source.take({&next, 1}, take_mode::poll);
            if (taken.ended) {
                break;
            }
            if (taken.count == 0) {
                if (!running.empty() && running.top().first <= taken.ask_again_ns) {
                    finish_next();
                } else {
                    time_.sleep_until(taken.ask_again_ns);
                }
                continue;
            }
            std::int64_t& server = *std::ranges::min_element(free_at_);
            const std::int64_t started = std::max(server, time_.now());
            server = started + service_ns_;
            running.push({server, {next.id, execute(next, {}), started, server, task_outcome::ok}});
        }
        while (!running.empty()) {
            finish_next();
        }
        std::ranges::fill(free_at_, 0);
    }

  private:
    simulated_time& time_;
    std::vector<std::int64_t> free_at_;
    std::int64_t service_ns_;
};

/// All latencies of so many slices.
durations latencies(const cell& what, strategy& subject, simulated_time& time, int slices) {
    window_durations times;
    for (int round = 0; round < slices; ++round) {
        const trial_record record = simulate_slice(what, subject, time, times, 1, round);
        EXPECT_EQ(record.state, status::ok) << record.reason;
        time.advance(1 * second);
    }
    return times.latency;
}

class steady_state : public testing::TestWithParam<double> {};

TEST_P(steady_state, of_one_exponential_server_is_that_of_theory) {
    constexpr std::int64_t service_ns = 20 * us;
    const double utilisation = GetParam();
    const cell what = planned(utilisation, service_ns, 1);
    simulated_time time;
    simulated_server server(time, exponential(service_ns, 5));
    const durations seen = latencies(what, server, time, 4000);
    const double mean = static_cast<double>(service_ns) / (1 - utilisation);
    EXPECT_NEAR(seen.percentile(50) / (mean * std::log(2.0)), 1, within);
    EXPECT_NEAR(seen.percentile(99) / (mean * std::log(100.0)), 1, within);
}

TEST_P(steady_state, of_two_even_servers_is_that_of_one_long_window) {
    constexpr std::int64_t service_ns = 40 * us;
    const cell what = planned(GetParam(), service_ns, 2);
    simulated_time time;
    simulated_servers servers(time, 2, service_ns);
    const durations seen = latencies(what, servers, time, 3000);
    cell endless = what;
    endless.lead_in_ns = 0;
    endless.window_ns = 3000 * slice_window_ns;
    const durations truth = latencies(endless, servers, time, 1);
    EXPECT_NEAR(seen.percentile(50) / truth.percentile(50), 1, within);
    EXPECT_NEAR(seen.percentile(99) / truth.percentile(99), 1, within);
}

INSTANTIATE_TEST_SUITE_P(at, steady_state, testing::Values(0.4, 0.7, 0.8), [](const auto& of) {
    return std::to_string(std::lround(100 * of.param)) + "_percent";
});

/// A stall in one slice stands in the latency of that slice alone, and in no other's.
TEST(slices, a_stall_is_seen_in_the_slice_in_which_it_was) {
    constexpr std::int64_t service_ns = 20 * us;
    const cell what = planned(0.4, service_ns, 1);
    simulated_time time;
    std::uint64_t served = 0, stalled_at = 0;
    simulated_server server(
        time, [&](std::uint64_t) { return ++served == stalled_at ? 40 * ms : service_ns; });
    std::vector<double> p99;
    for (int round = 0; round < 3; ++round) {
        stalled_at = round == 1 ? served + 500 : 0;
        window_durations times;
        simulate_slice(what, server, time, times, 1, round);
        p99.push_back(times.latency.percentile(99));
        time.advance(1 * second);
    }
    EXPECT_LT(p99[0], 1 * ms);
    EXPECT_GT(p99[1], 10 * ms);
    EXPECT_LT(p99[2], 1 * ms);
}

}  // namespace
}  // namespace stratbench::oracle
