// A study of which something is stopped and goes on: what was measured meanwhile has no figures,
// and nobody takes it for hung.

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <functional>
#include <string>

#include "harness/base/clock.hpp"
#include "harness/base/sleep.hpp"
#include "harness/model/labels.hpp"
#include "harness/results/file.hpp"
#include "tests/cli/family.hpp"
#include "tests/cli/workplace.hpp"

namespace stratbench {
namespace {

/// A trial whose slices last so long that nobody misses them.
constexpr const char* long_slices =
    "run --strategy apply_async --workload sqrt_log:n=1000 --load constant:200/s --trial-length 4s "
    "--workers 2 --generations 1 --quick --report none --quiet --events done --out r.json "
    "--rounds ";

void stop_and_go_on(pid_t who, pid_t stopped) {
    ::kill(who, SIGSTOP);
    while (!test::is_stopped(stopped)) {
        sleep_until(now_ns() + 1'000'000);
    }
    ::kill(who, SIGCONT);
}

/// Runs a study and does `what` with it as soon as its first slice is under way.
outcome_of_run in_a_slice(const workplace& place, const std::string& rounds,
                          const std::function<void(pid_t, const test::family&)>& what) {
    return place.run_prepared([] {}, long_slices + rounds,
                              [&](pid_t harness) {
                                  const test::family all(place.inside(), "worker");
                                  while (place.content_of("done").empty()) {
                                      sleep_until(now_ns() + 1'000'000);
                                  }
                                  what(harness, all);
                              });
}

TEST(stopped, and_continued_trial_has_no_figures) {
    for (const std::string who : {"trial", "worker", "everybody"}) {
        const workplace place;
        const outcome_of_run got =
            in_a_slice(place, "1", [&](pid_t harness, const test::family& all) {
                // As a terminal does, which reaches the group.
                const pid_t one = all.of(who == "everybody" ? "trial" : who);
                stop_and_go_on(who == "everybody" ? -harness : one, one);
            });
        EXPECT_EQ(got.exit_code, 1) << who << ": " << got.err;
        const cell_result cell = load_results(place.inside() / "r.json").cells.front();
        EXPECT_EQ(cell.reason, "apply_async was stopped and went on while it was measured") << who;
        EXPECT_FALSE(cell.summary.throughput_per_s) << who;
    }
}

TEST(stopped, and_continued_slice_is_left_out_and_the_rest_counts) {
    const workplace place;
    const outcome_of_run got = in_a_slice(place, "2", [](pid_t harness, const test::family& all) {
        stop_and_go_on(-harness, all.of("trial"));
    });
    EXPECT_EQ(got.exit_code, 0) << got.err;
    const cell_result cell = load_results(place.inside() / "r.json").cells.front();
    EXPECT_TRUE(has_label(cell.labels, label::paused));
    ASSERT_EQ(cell.trials.front().slices.size(), 1U);
    EXPECT_EQ(cell.trials.front().slices.front().round, 1);
}

TEST(stopped, and_continued_harness_changes_nothing) {
    const workplace place;
    const outcome_of_run got = in_a_slice(
        place, "1", [](pid_t harness, const test::family&) { stop_and_go_on(harness, harness); });
    EXPECT_EQ(got.exit_code, 0) << got.err;
    const cell_result cell = load_results(place.inside() / "r.json").cells.front();
    EXPECT_FALSE(has_label(cell.labels, label::paused));
}

}  // namespace
}  // namespace stratbench
