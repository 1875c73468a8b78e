#include "harness/trial/calibration.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "harness/base/clock.hpp"
#include "harness/base/sleep.hpp"
#include "harness/base/spec.hpp"
#include "harness/load/arrivals.hpp"
#include "harness/trial/window.hpp"
#include "workloads/task.hpp"
#include "workloads/task_template.hpp"

namespace stratbench {
namespace {

/// The least of several timings: whatever else the machine does only adds to it.
template <class Work>
double least_ns(Work work) {
    constexpr int repetitions = 20, calls = 2000;
    double least = 1e9;
    for (int i = 0; i < repetitions; ++i) {
        const std::int64_t start = now_ns();
        for (int call = 0; call < calls; ++call) {
            work();
        }
        least = std::min(least, static_cast<double>(now_ns() - start) / calls);
    }
    return least;
}

}  // namespace

double measure_clock_ns() {
    volatile std::int64_t sink = 0;
    return least_ns([&] { sink = now_ns(); });
}

double measure_stamp_ns() {
    volatile std::int64_t started = 0, finished = 0;
    return least_ns([&] {
        started = now_ns();
        finished = now_ns();
    });
}

double measure_hand_over_ns() {
    constexpr int repetitions = 5;
    cell planned;
    planned.load = {.kind = load_plan::shape::batch, .text = "batch", .tasks = 10'000};
    const task_template model = resolve_workload(parse_spec("noop", "workload"));
    double least = 1e9;
    for (int i = 0; i < repetitions; ++i) {
        window subject(make_arrivals(planned, 0, 0), {.model = model, .stamp_one_in = 1 << 20});
        task next{};
        subject.open();
        const std::int64_t start = now_ns();
        while (subject.take({&next, 1}, take_mode::poll).count != 0) {
            const completion done{.id = next.id};
            subject.complete({&done, 1});
        }
        least = std::min(
            least, static_cast<double>(now_ns() - start) / static_cast<double>(planned.load.tasks));
    }
    return least;
}

std::int64_t measure_wake_up_error_ns() {
    ask_for_punctual_sleeps();  // as a trial does
    std::array<std::int64_t, 50> late{};
    for (std::size_t i = 0; i < late.size(); ++i) {
        // Milliseconds, because a CPU that has rested so long wakes up three times as late as one
        // that has just gone to sleep; and several lengths, so that no rhythm of the machine's
        // timer is met every time.
        const std::int64_t until =
            now_ns() + 1'000'000 + 213'000 * static_cast<std::int64_t>(i % 10);
        const timespec at = {until / 1'000'000'000, until % 1'000'000'000};
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, nullptr);
        late[i] = now_ns() - until;
    }
    std::sort(late.begin(), late.end());
    return std::max<std::int64_t>(0, late[late.size() * 9 / 10]);
}

}  // namespace stratbench
