// Storms over strategies that are programs of their own, the Python ones: tasks of which one in
// fifty crashes or hangs, while a bystander kills processes of the backend. None of these
// architectures survives that, and each in its own way; whatever it does, its trial ends by the
// deadline with one line or with every task accounted for, leaves nothing, and the next trial is as
// good as the first.
//
//     STRATBENCH_STORM_SEED, _ROUNDS    the first seed, and how many

#include <gtest/gtest.h>
#include <sys/types.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "harness/base/clock.hpp"
#include "harness/base/hash.hpp"
#include "harness/base/process/children.hpp"
#include "harness/base/process/proc_text.hpp"
#include "harness/base/sleep.hpp"
#include "harness/base/spec.hpp"
#include "strategies/registry.hpp"
#include "tests/harness/trial/trial_fixture.hpp"
#include "tests/runnable.hpp"
#include "tests/storm/bystander.hpp"

namespace stratbench {
namespace {

constexpr std::int64_t storm_deadline_ns = 5'000'000'000;
constexpr std::uint64_t most_between_kills_ns = 300'000'000;

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
    const char* const text = std::getenv(name);
    return text == nullptr ? otherwise
                           : static_cast<std::uint64_t>(parse_integer(text, name, 1, 100'000'000));
}

/// Processes of Python's among the descendants of this one.
std::vector<pid_t> backend_processes() {
    std::vector<pid_t> all = children_of(::getpid());
    for (std::size_t i = 0; i < all.size(); ++i) {
        const std::vector<pid_t> more = children_of(all[i]);
        all.insert(all.end(), more.begin(), more.end());
    }
    std::erase_if(all, [](pid_t each) {
        return !proc_text("/proc/" + std::to_string(each) + "/comm").starts_with("python");
    });
    return all;
}

/// Kills a random process of the backends again and again while it lives.
class backend_killer {
  public:
    explicit backend_killer(std::uint64_t seed)
        : thread_([this, seed](const std::stop_token& stop) {
              for (std::uint64_t draw = seed; !stop.stop_requested(); ++draw) {
                  sleep_until(now_ns() +
                              static_cast<std::int64_t>(mix64(~draw) % most_between_kills_ns));
                  const auto all = backend_processes();
                  if (!all.empty() && test::kill_one_of_ours(all[mix64(draw) % all.size()])) {
                      ++kills_;
                  }
              }
          }) {}

    [[nodiscard]] int kills() const { return kills_.load(); }

  private:
    std::atomic<int> kills_{0};
    std::jthread thread_;
};

/// An end that a reader can make something of.
void expect_sound(const trial_record& record, const std::string& what) {
    fixture::expect_nothing_left();
    if (record.state == status::failed) {
        EXPECT_FALSE(record.reason.empty()) << what;
        EXPECT_EQ(record.reason.find('\n'), std::string::npos) << what << ": " << record.reason;
        return;
    }
    const outcome_counts& o = record.outcomes;
    EXPECT_EQ(o.due, o.accepted + o.rejected + o.unserved) << what;
    EXPECT_EQ(o.accepted, o.ok + o.error + o.crashed + o.timed_out + o.cancelled) << what;
}

class backend_storm : public testing::TestWithParam<const strategy_info*> {
  protected:
    template <class F>
    static void each_round(F&& f) {
        const std::uint64_t first = setting("STRATBENCH_STORM_SEED", 1);
        for (std::uint64_t seed = first; seed < first + setting("STRATBENCH_STORM_ROUNDS", 1);
             ++seed) {
            f(seed);
        }
    }

    static trial_request request(const std::string& workload, std::uint64_t seed) {
        trial_request r = fixture::request_for(std::string(GetParam()->name), workload);
        r.planned.load.tasks = test::is_slow(*GetParam()) ? 300 : 1000;
        r.study_seed = seed;
        return r;
    }

    static void expect_calm_after() {
        trial_request calm = request("noop", 1);
        calm.planned.load.tasks = 20;
        const trial_record record = launch_trial(calm, fixture::deadline_ns, fixture::go_on);
        EXPECT_EQ(record.state, status::ok) << record.reason;
        EXPECT_EQ(record.outcomes.ok, 20U);
        fixture::expect_nothing_left();
    }
};

TEST_P(backend_storm, of_crashes_and_hangs_ends_by_the_deadline_and_harms_no_other_trial) {
    each_round([](std::uint64_t seed) {
        const std::int64_t began = now_ns();
        const trial_record record =
            launch_trial(request("faults:kind=segfault,and=hang,every=50", seed), storm_deadline_ns,
                         fixture::go_on);
        expect_sound(record, "seed " + std::to_string(seed));
        EXPECT_TRUE(record.state == status::failed || record.outcomes.crashed > 0)
            << "seed " << seed;
        EXPECT_LT(now_ns() - began, fixture::deadline_ns) << "seed " << seed;
    });
    expect_calm_after();
}

TEST_P(backend_storm, of_kills_ends_by_the_deadline_and_harms_no_other_trial) {
    each_round([](std::uint64_t seed) {
        std::optional<backend_killer> killer;
        const trial_starter start_and_hit = [&](const trial_request& r, std::int64_t deadline_ns,
                                                const std::atomic<bool>& stop) {
            auto running = start_trial(r, deadline_ns, stop);
            killer.emplace(seed);
            return running;
        };
        // No Python does that in less time than the first kill takes to come.
        const trial_record record = run_trial(start_and_hit, request("sum_range:n=60000", seed),
                                              storm_deadline_ns, fixture::go_on);
        ASSERT_TRUE(killer);
        EXPECT_GT(killer->kills(), 0) << "seed " << seed;
        killer.reset();
        expect_sound(record, "seed " + std::to_string(seed));
    });
    expect_calm_after();
}

std::vector<const strategy_info*> backends() {
    std::vector<const strategy_info*> found;
    for (const strategy_info* each : test::runnable_strategies()) {
        if (each->properties.own_program) {
            found.push_back(each);
        }
    }
    return found;
}

INSTANTIATE_TEST_SUITE_P(strategies, backend_storm, testing::ValuesIn(backends()),
                         [](const auto& about) { return std::string(about.param->name); });
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(backend_storm);

}  // namespace
}  // namespace stratbench
