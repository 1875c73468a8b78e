#pragma once

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <memory>

#include "harness/base/clock.hpp"
#include "harness/base/idle_spin.hpp"
#include "harness/base/sleep.hpp"
#include "tests/bench/peers/echo_process.hpp"
#include "tests/bench/peers/peer.hpp"

namespace stratbench {

/// Whose turn it is between two processes: each waits for its own numbers, even ones here and odd
/// ones there.
struct alignas(64) turn {
    std::atomic<std::uint32_t> word{0};
};

inline void wait_asleep(turn& whose, std::uint32_t number) {
    for (std::uint32_t now = whose.word; now != number; now = whose.word) {
        ::syscall(SYS_futex, &whose.word, FUTEX_WAIT, now, nullptr, nullptr, 0);
    }
}
inline void pass_and_wake(turn& whose, std::uint32_t number) {
    whose.word = number;
    ::syscall(SYS_futex, &whose.word, FUTEX_WAKE, 1, nullptr, nullptr, 0);
}

inline constexpr auto at_once = [](const auto& there_and_back) { there_and_back(); };

/// Makes an exchange after a pause, as long as the tasks are apart that come to an idle pool.
inline constexpr auto after_a_pause = [](const auto& there_and_back) {
    constexpr std::int64_t apart_ns = 1'000'000;
    // The sender has long been awake when it is time, as a front end that keeps its time has.
    constexpr std::int64_t awake_before_ns = 100'000;
    const std::int64_t due = now_ns() + apart_ns;
    sleep_until(due - awake_before_ns);
    while (now_ns() < due) {
        cpu_relax();
    }
    const std::int64_t began = now_ns();
    there_and_back();
    keep_time_of_one(now_ns() - began);
};

/// Which of the two a process is.
enum class side { here, there };
inline constexpr auto anywhere = [](side) {};

/// Ping-pong between this process and a forked one: `wait(turn, number)` returns when it is that
/// number's turn, `pass(turn, number)` gives it on; `one(there_and_back)` makes each exchange;
/// `settle(side)` is called first, on each side.
template <class Wait, class Pass, class One, class Settle = decltype(anywhere)>
std::function<void(std::uint64_t)> ping_pong(Wait wait, Pass pass, One one,
                                             Settle settle = anywhere) {
    auto shared = std::make_shared<shared_with_child<turn>>();
    return [shared, wait, pass, one, settle](std::uint64_t tasks) {
        turn& whose = **shared;
        whose.word = 0;
        const auto rounds = static_cast<std::uint32_t>(tasks);
        const pid_t other = fork_child([&] {
            settle(side::there);
            for (std::uint32_t i = 0; i < rounds; ++i) {
                wait(whose, 2 * i + 1);
                pass(whose, 2 * i + 2);
            }
        });
        settle(side::here);
        for (std::uint32_t i = 0; i < rounds; ++i) {
            one([&] {
                pass(whose, 2 * i + 1);
                wait(whose, 2 * i + 2);
            });
        }
        reap(other);
    };
}

}  // namespace stratbench
