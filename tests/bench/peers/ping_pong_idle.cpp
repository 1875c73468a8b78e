// One after the other without a pause, the two sides often come to lie on one CPU, which then never
// sleeps. A single message through an idle machine has to wake a CPU as well.

#include "strategies/engines/idle_spin.hpp"
#include "tests/bench/peers/ping_pong.hpp"
#include "workloads/clock.hpp"
#include "workloads/sleep.hpp"

namespace stratbench {
namespace {

/// As long as the pool's tasks are apart that are compared with it.
constexpr std::int64_t apart_ns = 1'000'000;
/// The sender has long been awake when it is time, as a front end that keeps its time has.
constexpr std::int64_t awake_before_ns = 100'000;

void after_a_pause(const auto& there_and_back) {
    const std::int64_t due = now_ns() + apart_ns;
    sleep_until(due - awake_before_ns);
    while (now_ns() < due) cpu_relax();
    const std::int64_t began = now_ns();
    there_and_back();
    keep_time_of_one(now_ns() - began);
}

}  // namespace

extern const peer peer_ping_pong_idle;
const peer peer_ping_pong_idle = {
    "ping_pong_idle", "floor: the same, one each millisecond, the pauses not counted", [] {
        return ping_pong(wait_asleep, pass_and_wake,
                         [](const auto& there_and_back) { after_a_pause(there_and_back); });
    }};

}  // namespace stratbench
