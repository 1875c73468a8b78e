// Queues whose latency is known from theory. Source of the formulas: L. Kleinrock, Queueing
// Systems, volume 1 (1975), chapters 3 (M/M/1) and 5 (M/G/1).

#include <gtest/gtest.h>

#include "harness/stats/histogram/histogram.hpp"
#include "tests/oracle/simulation.hpp"

namespace stratbench::oracle {
namespace {

constexpr double utilisation = 0.7;
constexpr std::int64_t queue_service_ns = 1 * ms;
constexpr double arrivals_per_s = utilisation * 1e9 / static_cast<double>(queue_service_ns);
/// At 70 % load the mean of so many correlated latencies scatters by about 0.6 %.
constexpr double arrivals = 2e6;
constexpr double tolerance = 0.02;

trial_record poisson_trial(const std::function<std::int64_t(std::uint64_t)>& service) {
    simulated_time time;
    simulated_server server(time, service);
    const auto window_ns = static_cast<std::int64_t>(arrivals / arrivals_per_s * 1e9);
    return simulate(simulated_cell(open_load(load_plan::shape::poisson, arrivals_per_s), window_ns),
                    server, time);
}

void expect_near(double reported, double theory, const char* what) {
    EXPECT_NEAR(reported / theory, 1, tolerance) << what << ": " << reported << ", not " << theory;
}

TEST(queue, of_poisson_arrivals_and_exponential_service_has_the_latency_of_theory) {
    const trial_record record = poisson_trial(exponential(queue_service_ns, 5));
    ASSERT_EQ(record.state, status::ok) << record.reason;
    ASSERT_TRUE(record.latency);
    // The time in the system is exponential with the rate mu - lambda.
    const double mean = static_cast<double>(queue_service_ns) / (1 - utilisation);
    expect_near(record.latency->mean, mean, "mean");
    expect_near(record.latency->p50, mean * std::log(2.0), "p50");
    expect_near(record.latency->p90, mean * std::log(10.0), "p90");
    expect_near(record.latency->p99, mean * std::log(100.0), "p99");
    expect_near(record.throughput_per_s, arrivals_per_s, "throughput");
    // One server takes a task when it is free, so all of the waiting is for the front end.
    ASSERT_TRUE(record.phases);
    expect_near(record.phases->waiting, utilisation * mean, "waiting");
    expect_near(record.phases->service, static_cast<double>(queue_service_ns), "service");
    EXPECT_EQ(record.phases->dispatch, 0);
    EXPECT_EQ(record.phases->back, 0);
}

TEST(queue, of_poisson_arrivals_and_constant_service_has_the_latency_of_theory) {
    const trial_record record = poisson_trial([](std::uint64_t) { return queue_service_ns; });
    ASSERT_EQ(record.state, status::ok) << record.reason;
    ASSERT_TRUE(record.latency);
    const auto service = static_cast<double>(queue_service_ns);
    // Pollaczek and Khinchine: half the waiting of exponential service.
    const double waiting = utilisation * service / (2 * (1 - utilisation));
    expect_near(record.latency->mean, waiting + service, "mean");
    ASSERT_TRUE(record.phases);
    expect_near(record.phases->waiting, waiting, "waiting");
    // The part that need not wait is the part of the time in which the server is idle. Instants are
    // whole nanoseconds, so an immediate task has a latency of exactly one service.
    const histogram all = histogram::decode(record.latency->histogram_v2);
    std::uint64_t immediate = 0;
    for (const histogram::step& step : all.steps()) {
        if (static_cast<double>(step.value_ns) < service * 1.001) {
            immediate = step.cumulative;
        }
    }
    expect_near(static_cast<double>(immediate) / static_cast<double>(all.count()), 1 - utilisation,
                "part that need not wait");
}

TEST(queue, phases_add_up_to_the_latency) {
    const trial_record record = poisson_trial(exponential(queue_service_ns, 6));
    ASSERT_TRUE(record.latency && record.phases);
    const phase_means& p = *record.phases;
    EXPECT_NEAR(p.waiting + p.dispatch + p.service + p.back, record.latency->mean,
                1e-9 * record.latency->mean);
}

}  // namespace
}  // namespace stratbench::oracle
