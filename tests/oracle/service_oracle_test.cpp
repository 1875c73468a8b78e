// Service times that are known exactly: the reported percentiles are those of the sorted truth,
// within the histogram's resolution.

#include <gtest/gtest.h>

#include <vector>

#include "harness/stats/histogram/histogram.hpp"
#include "tests/oracle/truth.hpp"

namespace stratbench::oracle {
namespace {

struct service_times {
    const char* name;
    std::function<std::int64_t(std::uint64_t)> (*make)();
};

void PrintTo(const service_times& s, std::ostream* out) {
    *out << s.name;
}

class service : public testing::TestWithParam<service_times> {};

TEST_P(service, has_the_percentiles_of_the_sorted_truth) {
    constexpr std::uint64_t tasks = 50'000;
    std::vector<std::int64_t> truth;
    simulated_time time;
    simulated_server server(time, [&truth, draw = GetParam().make()](std::uint64_t id) {
        truth.push_back(draw(id));
        return truth.back();
    });
    const trial_record record = simulate(simulated_cell(batch_of(tasks), 0), server, time);
    ASSERT_EQ(record.state, status::ok) << record.reason;
    ASSERT_TRUE(record.service);
    expect_percentiles_of(*record.service, truth);
}

INSTANTIATE_TEST_SUITE_P(
    oracle, service,
    testing::Values(service_times{"constant",
                                  []() -> std::function<std::int64_t(std::uint64_t)> {
                                      return [](std::uint64_t) { return 1'234'567; };
                                  }},
                    service_times{"exponential", [] { return exponential(20 * us, 11); }},
                    // One task in twenty is a hundred times as long: p90 is short, p99 is long.
                    service_times{"bimodal",
                                  []() -> std::function<std::int64_t(std::uint64_t)> {
                                      return [](std::uint64_t id) {
                                          return id % 20 == 7 ? 2 * ms : 20 * us;
                                      };
                                  }}),
    [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace stratbench::oracle
