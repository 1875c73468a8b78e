// A task takes as long in a benchmark that others build as it does in ours: the built-in sqrt_log,
// compiled as somebody's own work into a pair of programs of its own, beside that of stratbench.

#include <fmt/format.h>

#include <cmath>
#include <string>
#include <vector>

#include "harness/launch/launcher.hpp"
#include "harness/stats/median.hpp"
#include "harness/study/study.hpp"
#include "tests/bench/bench_options.hpp"
#include "tests/bench/subject.hpp"
#include "tests/built.hpp"

namespace stratbench {
namespace {

/// Goal: the medians of the service times differ by at most this part.
constexpr double most_difference = 0.005;

/// More than any of these trials takes; the usual one is of a workload that this program has.
constexpr std::int64_t longest_trial_ns = 60'000'000'000;

/// Median service time of a slice; nanoseconds.
double service_ns(const std::string& program, const std::string& workload,
                  const std::string& strategy, int round, const std::atomic<bool>& stop) {
    trial_request request;
    request.planned.strategy = strategy;
    request.planned.workload = workload + ":n=6000";
    request.planned.workers = strategy == "sync" ? 1 : 2;
    request.planned.cpus = 2;
    request.planned.serial_ns = 60'000;
    request.planned.load = {.kind = load_plan::shape::batch, .text = "batch:3000", .tasks = 3000};
    request.round = round;
    request.warm_up_ns = 20'000'000;
    const trial_starter start = [&](const trial_request& asked, std::int64_t deadline,
                                    const std::atomic<bool>& by) {
        return start_trial_by({.path = program}, asked, deadline, by);
    };
    const trial_record record = run_trial(start, request, longest_trial_ns, stop);
    if (record.state != status::ok || !record.service) {
        throw cannot_measure(record.reason);
    }
    return record.service->p50;
}

}  // namespace

void print_outside(const bench_options& asked, const std::atomic<bool>& stop) {
    // Rounds are short, and each is one ratio.
    const int rounds = 10 * asked.rounds;
    fmt::print("\nThe same work, built outside and built in: service time, {} rounds\n", rounds);
    for (const char* strategy : {"sync", "async_thread_pool", "async_process_pool"}) {
        std::vector<double> ratios;
        for (int round = 0; round < rounds; ++round) {
            const auto ours = [&] {
                return service_ns(test::built("stratbench"), "sqrt_log", strategy, round, stop);
            };
            const auto theirs = [&] {
                return service_ns(test::built("outside_bench"), "outside_sqrt_log", strategy, round,
                                  stop);
            };
            // Neighbours in time, and neither always the first.
            if (round % 2 == 0) {
                const double first = ours();
                ratios.push_back(theirs() / first);
            } else {
                const double first = theirs();
                ratios.push_back(first / ours());
            }
        }
        const estimate found = median_with_interval(ratios);
        const double off = std::abs(found.value - 1);
        fmt::print("  {:<20} {:.4f}  [{:.4f}, {:.4f}]  {}\n", strategy, found.value,
                   found.ci95 ? found.ci95->lo : found.value,
                   found.ci95 ? found.ci95->hi : found.value,
                   off <= most_difference ? "ok" : "MISSED: the goal is 1 +- 0.005");
    }
}

}  // namespace stratbench
